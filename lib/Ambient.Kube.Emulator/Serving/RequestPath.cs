namespace Ambient.Kube.Emulator.Serving;

/// <summary>Parts of <c>/api/v1/…</c> and <c>/apis/GROUP/VERSION/…</c>. A namespace's own path has <see cref="Plural"/> "namespaces" and its name.</summary>
internal sealed record RequestPath(string Group, string Version, string Namespace, string Plural, string Name, string Subresource)
{
    public static RequestPath? Parse(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", var version, .. var rest] => Rest("", version, rest),
            ["apis", var group, var version, .. var rest] => Rest(group, version, rest),
            _ => null,
        };
    }

    private static RequestPath? Rest(string group, string version, string[] rest) => rest switch
    {
        ["namespaces", var name, ("status" or "finalize") and var sub] => new(group, version, "", "namespaces", name, sub),
        ["namespaces", var ns, var plural, .. var more] => Leaf(group, version, ns, plural, more),
        [var plural, .. var more] => Leaf(group, version, "", plural, more),
        _ => null,
    };

    private static RequestPath? Leaf(string group, string version, string ns, string plural, string[] more) => more switch
    {
        [] => new(group, version, ns, plural, "", ""),
        [var name] => new(group, version, ns, plural, Uri.UnescapeDataString(name), ""),
        [var name, var sub] => new(group, version, ns, plural, Uri.UnescapeDataString(name), sub),
        _ => null,
    };
}
