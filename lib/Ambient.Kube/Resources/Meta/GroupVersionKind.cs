namespace Ambient.Kube.Resources;

/// <summary>What <c>apiVersion</c> and <c>kind</c> of an object say together.</summary>
public readonly record struct GroupVersionKind(string Group, string Version, string Kind)
{
    /// <summary><c>v1</c> for the core group, otherwise <c>group/version</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public GroupKind GroupKind => new(Group, Kind);

    public static GroupVersionKind Parse(string apiVersion, string kind)
    {
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new("", apiVersion, kind) : new(apiVersion[..slash], apiVersion[(slash + 1)..], kind);
    }

    public override string ToString() => $"{ApiVersion} {Kind}";
}
