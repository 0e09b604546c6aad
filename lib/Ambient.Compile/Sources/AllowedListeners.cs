namespace Ambient.Compile.Sources;

/// <summary>Whose ListenerSets a Gateway takes. <paramref name="From"/>: <c>None</c>, <c>Same</c>, <c>All</c> or <c>Selector</c> (Gateway API v1, AllowedListeners).</summary>
internal sealed record AllowedListeners(string From, NamespaceSelector? Selector)
{
    public static AllowedListeners Read(JsonView allowed)
    {
        var namespaces = allowed["namespaces"];
        return new AllowedListeners(
            namespaces.Text("from") is { Length: > 0 } from ? from : "None",
            namespaces["selector"].Exists ? NamespaceSelector.Read(namespaces["selector"]) : null);
    }

    /// <param name="gateway">Namespace of the Gateway.</param>
    /// <param name="set">That of the ListenerSet.</param>
    /// <param name="labels">Of the ListenerSet's namespace; null when it is not known.</param>
    public bool Allow(string gateway, string set, IReadOnlyDictionary<string, string>? labels) => From switch
    {
        "All" => true,
        "Same" => gateway == set,
        "Selector" => Selector is not null && labels is not null && Selector.Selects(labels),
        _ => false,
    };
}
