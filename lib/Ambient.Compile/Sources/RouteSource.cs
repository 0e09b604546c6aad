using System.Collections.Immutable;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Sources;

/// <summary>An HTTPRoute, GRPCRoute, TLSRoute, TCPRoute or UDPRoute, narrowed to what it attaches to and where it leads.</summary>
internal sealed record RouteSource(
    SourceMeta Meta, ImmutableArray<ParentRef> Parents, ImmutableArray<string> Hostnames, ImmutableArray<BackendSource> Backends)
{
    /// <summary>Filters that lead to what is not supported: their path and their type. Requests that they are for get 500.</summary>
    public ImmutableArray<(string Path, string Type)> Extensions { get; init; } = [];

    public const string Group = "gateway.networking.k8s.io";

    public static RouteSource Read(JsonView o, ObjectKey key)
    {
        var spec = o["spec"];
        return new RouteSource(
            SourceMeta.Read(o, key),
            [.. spec.List("parentRefs").Select(ReadParent).Distinct()],
            [.. spec.Texts("hostnames").Select(static h => h.ToLowerInvariant())],
            [.. spec.List("rules").SelectMany(rule => rule.List("backendRefs").Concat(rule.List("backendRefs").Prepend(rule).SelectMany(Mirrors))).Select(b => BackendSource.Read(b, key))])
        {
            Extensions =
            [
                .. spec.List("rules").SelectMany(static rule => rule.List("backendRefs").Prepend(rule)).SelectMany(static owner => owner.List("filters"))
                    .Where(static f => f.Text("type") is "ExtensionRef" or "ExternalAuth").Select(static f => (f.Path, f.Text("type"))),
            ],
        };
    }

    /// <summary>The object behind a parent; null for a kind that takes no routes.</summary>
    public ObjectKey? KeyOf(ParentRef parent)
    {
        string ns = parent.Namespace ?? Meta.Namespace;
        return (parent.Group ?? Group, parent.Kind ?? "Gateway") switch
        {
            (Group, "Gateway") => new ObjectKey(KnownKinds.Gateway, ns, parent.Name),
            (Group, "ListenerSet") => new ObjectKey(KnownKinds.ListenerSet, ns, parent.Name),
            ("", "Service") => new ObjectKey(KnownKinds.Service, ns, parent.Name),
            ("networking.istio.io", "ServiceEntry") => new ObjectKey(KnownKinds.ServiceEntry, ns, parent.Name),
            _ => null,
        };
    }

    private static IEnumerable<JsonView> Mirrors(JsonView owner) =>
        owner.List("filters").Select(static f => f["requestMirror"]["backendRef"]).Where(static b => b.Exists);

    private static ParentRef ReadParent(JsonView p) => new(
        p["group"].Text(), p["kind"].Text(), p["namespace"].Text(), p.Text("name"), p["sectionName"].Text(), p.Port("port") is > 0 and var port ? port : null);
}
