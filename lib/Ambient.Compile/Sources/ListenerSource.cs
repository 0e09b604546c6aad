using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>
/// A listener of a Gateway. <paramref name="From"/>: <c>Same</c>, <c>All</c>, <c>Selector</c> or <c>None</c>. <paramref name="Kinds"/>: route kinds it
/// asks for, qualified like <see cref="ObjectKey.Kind"/>; empty for those of its protocol. The hostname is lower-case.
/// </summary>
internal sealed record ListenerSource(
    string Name, string Protocol, int Port, string Hostname, string From, NamespaceSelector? Selector, ImmutableArray<string> Kinds, ListenerTlsSource? Tls)
{
    public static ListenerSource Read(JsonView o, string @namespace)
    {
        var allowed = o["allowedRoutes"];
        var namespaces = allowed["namespaces"];
        return new ListenerSource(
            o.Text("name"),
            o.Text("protocol"),
            o.Port("port"),
            o.Text("hostname").ToLowerInvariant(),
            namespaces.Text("from") is { Length: > 0 } from ? from : "Same",
            namespaces["selector"].Exists ? NamespaceSelector.Read(namespaces["selector"]) : null,
            [.. allowed.List("kinds").Select(static k => $"{(k["group"].Exists ? k.Text("group") : RouteSource.Group)}/{k.Text("kind")}")],
            o["tls"].Exists ? ListenerTlsSource.Read(o["tls"], @namespace) : null);
    }
}
