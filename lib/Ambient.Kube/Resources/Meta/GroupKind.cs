namespace Ambient.Kube.Resources;

/// <summary>An API group (empty for the core group) and a kind, versions left open.</summary>
public readonly record struct GroupKind(string Group, string Kind)
{
    public override string ToString() => Group.Length == 0 ? Kind : $"{Kind}.{Group}";
}
