namespace Ambient.Kube.Resources;

/// <summary>An API group (empty for the core group) and a plural resource name as it stands in URLs.</summary>
public readonly record struct GroupResource(string Group, string Resource)
{
    public override string ToString() => Group.Length == 0 ? Resource : $"{Resource}.{Group}";
}
