using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>
/// A listener of a Gateway, its own or of a ListenerSet. <paramref name="Owner"/>: whose it is. <paramref name="From"/>: <c>Same</c>, <c>All</c>, <c>Selector</c> or <c>None</c>. <paramref name="Kinds"/>: route kinds it
/// asks for, qualified like <see cref="ObjectKey.Kind"/>; empty for those of its protocol. The hostname is lower-case.
/// </summary>
internal sealed record ListenerSource(
    ObjectKey Owner, string Name, string Protocol, int Port, string Hostname, string From, NamespaceSelector? Selector, ImmutableArray<string> Kinds, ListenerTlsSource? Tls)
{
    public bool IsOfSet => Owner.Kind == KnownKinds.ListenerSet;

    /// <summary>As proxies know it: unique among all listeners of a Gateway, since names within one object have no slash.</summary>
    public string FullName => IsOfSet ? $"{Owner.Namespace}/{Owner.Name}/{Name}" : Name;

    public static ListenerSource Read(JsonView o, ObjectKey owner)
    {
        var allowed = o["allowedRoutes"];
        var namespaces = allowed["namespaces"];
        return new ListenerSource(
            owner,
            o.Text("name"),
            o.Text("protocol"),
            o.Port("port"),
            o.Text("hostname").ToLowerInvariant(),
            namespaces.Text("from") is { Length: > 0 } from ? from : "Same",
            namespaces["selector"].Exists ? NamespaceSelector.Read(namespaces["selector"]) : null,
            [.. allowed.List("kinds").Select(static k => $"{(k["group"].Exists ? k.Text("group") : RouteSource.Group)}/{k.Text("kind")}")],
            o["tls"].Exists ? ListenerTlsSource.Read(o["tls"], owner.Namespace) : null);
    }
}
