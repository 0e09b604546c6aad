using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>
/// A listener of a Gateway. <paramref name="From"/>: <c>Same</c>, <c>All</c>, <c>Selector</c> or <c>None</c>. <paramref name="Kinds"/>: route kinds it
/// asks for, qualified like <see cref="ObjectKey.Kind"/>; empty for those of its protocol.
/// </summary>
internal sealed record ListenerSource(
    string Name, string Protocol, int Port, string Hostname, string From, IReadOnlyDictionary<string, string>? Selector, ImmutableArray<string> Kinds, bool HasTls)
{
    public static ListenerSource Read(JsonView o)
    {
        var allowed = o["allowedRoutes"];
        var namespaces = allowed["namespaces"];
        return new ListenerSource(
            o.Text("name"),
            o.Text("protocol"),
            o.Port("port"),
            o.Text("hostname"),
            namespaces.Text("from") is { Length: > 0 } from ? from : "Same",
            // Expressions are not evaluated here; a selector with them selects nothing rather than too much.
            namespaces["selector"]["matchExpressions"].Exists ? null : namespaces["selector"].Map("matchLabels"),
            [.. allowed.List("kinds").Select(static k => $"{(k["group"].Exists ? k.Text("group") : RouteSource.Group)}/{k.Text("kind")}")],
            o["tls"].Exists);
    }
}
