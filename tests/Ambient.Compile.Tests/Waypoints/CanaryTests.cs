using Ambient.Compile.Sources;

namespace Ambient.Compile.Tests.Waypoints;

/// <summary>Two waypoints of one service.</summary>
public sealed class CanaryTests
{
    private const string First = "{ ambient.dev/use-waypoint: wp, ambient.dev/use-waypoint-canary: next }";
    private static readonly string Pod = Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }");

    [Theory]
    [InlineData("ambient.dev/use-waypoint-canary-weight: '5'", 5)]
    [InlineData("istio.io/use-waypoint-canary-weight: '100'", 100)]
    [InlineData("ambient.dev/use-waypoint-canary-weight: '7', istio.io/use-waypoint-canary-weight: '9'", 7)]
    [InlineData("", 0)]
    public void Service_WithBoth_IsSharedByThem(string annotations, uint weight)
    {
        var result = Mesh.Compile(Service(First, annotations), Pod, Gateway("wp"), Gateway("next"));
        var service = result.Services.Single();
        Assert.Equal("wp.shop.svc.cluster.local", service.Waypoint!.Hostname!.Value.Name);
        Assert.Equal([("wp.shop.svc.cluster.local", 100 - weight), ("next.shop.svc.cluster.local", weight)], service.WeightedWaypoints.Select(w => (w.Destination.Hostname!.Value.Name, w.Weight)));
        Assert.DoesNotContain(result.Findings, f => f.Code == "AMB0511");
        Assert.Contains($"{weight} % of new connections go to shop/next", Bound(result).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(First, "ambient.dev/use-waypoint-canary-weight: all", "next", "CanaryInvalidWeight")]
    [InlineData(First, "ambient.dev/use-waypoint-canary-weight: '101'", "next", "CanaryInvalidWeight")]
    [InlineData(First, "ambient.dev/use-waypoint-canary-weight: '-1'", "next", "CanaryInvalidWeight")]
    [InlineData("{ istio.io/use-waypoint: wp, istio.io/use-waypoint-canary: wp }", "istio.io/use-waypoint-canary-weight: '5'", "next", "CanarySameAsPrimary")]
    [InlineData(First, "ambient.dev/use-waypoint-canary-weight: '5'", "other", "CanaryMissing")]
    [InlineData("{ istio.io/use-waypoint: wp, istio.io/use-waypoint-canary: next, istio.io/use-waypoint-canary-namespace: infra }", "istio.io/use-waypoint-canary-weight: '5'", "next", "CanaryMissing")]
    public void Canary_ThatCannotBeUsed_LeavesAllToTheFirstAndSaysWhy(string labels, string annotations, string there, string reason)
    {
        var result = Mesh.Compile(Service(labels, annotations), Pod, Gateway("wp"), Gateway(there));
        Assert.NotNull(result.Services.Single().Waypoint);
        Assert.Empty(result.Services.Single().WeightedWaypoints);
        Assert.Equal(("True", reason), (Bound(result).Status, Bound(result).Reason));
        Assert.Contains(result.Findings, f => f.Code == "AMB0511" && f.Name == "a");
    }

    [Fact]
    public void Canary_ForWorkloadsOnly_CannotTakeServices()
    {
        var result = Mesh.Compile(Service(First, "ambient.dev/use-waypoint-canary-weight: '5'"), Pod, Gateway("wp"), Gateway("next", "workload"));
        Assert.Equal("CanaryUnsupportedTrafficType", Bound(result).Reason);
    }

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("{ ambient.dev/use-waypoint: wp }", 0)] // names its waypoint itself, and no canary
    [InlineData("{ ambient.dev/use-waypoint: none }", 0)]
    public void OfNamespace_IsForServicesThatTakeTheirWaypointFromThereToo(string labels, int canaries)
    {
        string ns = Mesh.Namespace("shop", First).Replace("labels:", "annotations: { ambient.dev/use-waypoint-canary-weight: '20' }, labels:", StringComparison.Ordinal);
        var result = Mesh.Compile(ns, Service(labels, ""), Pod, Gateway("wp"), Gateway("next"));
        Assert.Equal(canaries, result.Services.Single().WeightedWaypoints.Count(w => w.Weight == 20));
    }

    [Fact]
    public void ServiceEntry_WithBoth_IsSharedByThem()
    {
        var result = Mesh.Compile(Gateway("wp"), Gateway("next"), $$"""
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: out, namespace: shop, labels: {{First}}, annotations: { ambient.dev/use-waypoint-canary-weight: '30' } }
            spec: { hosts: [out.example], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
            """);
        Assert.Equal([70u, 30u], result.Services.Single().WeightedWaypoints.Select(w => w.Weight));
    }

    [Fact]
    public void Workloads_BehindBoth_ListenToBoth_AlsoWhenOnlyTheCanaryHasAPolicy()
    {
        string policy = Mesh.Authz("shop", "at", "{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: next }], action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }");
        IncrementalCompiler compiler = new(CompileOptions.Default);
        foreach (var o in new[] { Service(First, ""), Pod, Gateway("wp"), Gateway("next") }.SelectMany(Mesh.Objects))
        {
            compiler.Put(o);
        }

        compiler.Flush();
        Assert.Empty(compiler.Result().Workload("a").AuthorizationPolicies);

        var put = Assert.Single(Mesh.Objects(policy));
        compiler.Put(put);
        compiler.Flush();
        Assert.Equal(["shop/ambient_only_from_waypoint_next", "shop/ambient_only_from_waypoint_wp"], compiler.Result().Workload("a").AuthorizationPolicies);
        Assert.Equal(["cluster.local/ns/shop/sa/next"], Principals("next"));
        Assert.Equal(["cluster.local/ns/shop/sa/wp"], Principals("wp"));

        compiler.Put(Assert.Single(Mesh.Objects(Service("{ ambient.dev/use-waypoint: wp }", ""))));
        compiler.Flush();
        Assert.Empty(compiler.Result().Workload("a").AuthorizationPolicies);
        compiler.Remove(ObjectKey.Of(put)!.Value);
        compiler.Flush();
        Assert.Null(compiler.Result().Policy("shop/ambient_only_from_waypoint_next"));

        IEnumerable<string> Principals(string gateway) => compiler.Result().Policy($"shop/ambient_only_from_waypoint_{gateway}")!.OnlyMatch().Principals.Select(p => p.Value);
    }

    [Fact]
    public void PolicyAtTheWaypointOfAService_MakesItsPodsListenToItAlone_WhenItComesLater()
    {
        IncrementalCompiler compiler = new(CompileOptions.Default);
        foreach (var o in new[] { Service("{ ambient.dev/use-waypoint: wp }", ""), Pod, Gateway("wp") }.SelectMany(Mesh.Objects))
        {
            compiler.Put(o);
        }

        compiler.Flush();
        compiler.Put(Assert.Single(Mesh.Objects(Mesh.Authz("shop", "at", "{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: wp }], rules: [{ to: [{ operation: { paths: [/a] } }] }] }"))));
        compiler.Flush();
        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], compiler.Result().Workload("a").AuthorizationPolicies);
    }

    private static Reports.Condition Bound(CompileResult result) =>
        Assert.Single(Assert.Single(result.Status, s => s.Kind == "Service").Conditions, c => c.Type == "istio.io/WaypointBound");

    private static string Service(string labels, string annotations) => $$"""
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: a, namespace: shop, labels: {{labels}}, annotations: { {{annotations}} } }
        spec: { clusterIP: 10.96.0.1, selector: { app: a }, ports: [{ port: 80 }] }
        """;

    private static string Gateway(string name, string @for = "service") => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: {{name}}, namespace: shop, labels: { istio.io/waypoint-for: {{@for}} } }
        spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
        """;
}
