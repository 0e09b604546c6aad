using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Routes.HttpRoutes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.StreamRoutes;

/// <summary>Rules of TLSRoute and TCPRoute (gateway.networking.k8s.io, every version) as JSON.</summary>
internal static class StreamRouteReader
{
    public static StreamRouteSource Read(JsonObject manifest, SourceMeta meta, string clusterDomain, StreamRouteSource? old)
    {
        var problems = new RouteProblems(meta);
        var spec = new JsonView(manifest, "")["spec"];
        var rules = (problems.Try(() => spec.List("rules").ToList()) ?? [])
            .Select((r, i) => problems.Try<object>(() => Rule(r, i, meta, clusterDomain)))
            .OfType<(RouteOrigin, ImmutableArray<WrittenDestination>)>().ToImmutableArray();
        return problems.HasErrors
            ? new StreamRouteSource(meta, old?.Rules ?? [], new Refusal(meta.Generation, problems.Errors, "UnsupportedValue", old is { Refusal: null } or { Refusal.LastGoodInForce: true }))
            : new StreamRouteSource(meta, rules, null);
    }

    private static (RouteOrigin Origin, ImmutableArray<WrittenDestination> Destinations) Rule(JsonView r, int at, SourceMeta meta, string clusterDomain) => (
        new RouteOrigin(meta.Kind, meta.Namespace, meta.Name, at, r.Text("name") is { Length: > 0 } name ? name : null),
        [.. r.List("backendRefs").Select(b => BackendDestination.Of(b, meta, clusterDomain) with { Weight = (uint)b.Whole("weight", 0, 1_000_000, 1) })]);
}
