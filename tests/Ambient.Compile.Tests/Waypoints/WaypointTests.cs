using Ambient.Core.Policies;
using Ambient.Core.Policies.Requests;

namespace Ambient.Compile.Tests.Waypoints;

public sealed class WaypointTests
{
    private const string Service = """
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: a, namespace: shop }
        spec: { clusterIP: 10.96.0.1, selector: { app: a }, ports: [{ port: 80 }] }
        """;

    private static readonly string Bound = Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a, ambient.dev/use-waypoint: wp }");
    private static readonly string Direct = Mesh.Pod("shop", "b", "10.0.0.2", "{ app: b }");

    [Theory]
    [InlineData("service", true, false)]
    [InlineData("workload", false, true)]
    [InlineData("all", true, true)]
    [InlineData("none", false, false)]
    [InlineData("", true, false)]
    public void WaypointFor_DecidesWhetherServicesOrWorkloadsGoThere(string @for, bool service, bool workload)
    {
        var result = Mesh.Compile(Mesh.Namespace("shop", "{ istio.io/use-waypoint: wp }"), Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }"), Service, Gateway(@for));
        Assert.Equal(service, result.Services.Single().Waypoint is not null);
        Assert.Equal(workload, result.Workload("a").Waypoint is not null);
    }

    [Fact]
    public void NamedButMissing_StillStandsThere()
    {
        var result = Mesh.Compile(Mesh.Namespace("shop", "{ ambient.dev/use-waypoint: wp, ambient.dev/use-waypoint-namespace: infra }"), Service, Bound);
        Assert.Equal("infra/wp.infra.svc.cluster.local", result.Services.Single().Waypoint!.Hostname.ToString());
        Assert.Contains(result.Findings, f => f.Code == "AMB0502");
    }

    [Fact]
    public void AllowPolicies_WithAWaypointInTheirScope_AreItsAndTheWorkloadOnlyListensToIt()
    {
        var result = Mesh.Compile(Bound, Direct, Gateway("all"), Mesh.Authz("shop", "get", "{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }"));
        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], result.Workload("a").AuthorizationPolicies);
        Assert.Equal(["shop/get"], result.Workload("b").AuthorizationPolicies);
        Assert.Equal(PolicyScope.WorkloadSelector, result.Policy("shop/get")!.Scope);
        Assert.Equal("cluster.local/ns/shop/sa/wp", Assert.Single(result.Policy("shop/ambient_only_from_waypoint_wp")!.OnlyMatch().Principals).Value);
    }

    [Fact]
    public void Denials_BehindAWaypoint_StayWhereL4CanJudgeThem()
    {
        var result = Mesh.Compile(
            Bound, Gateway("all"),
            Mesh.Authz("shop", "port", "{ selector: { matchLabels: { app: a } }, action: DENY, rules: [{ to: [{ operation: { ports: ['22'] } }] }] }"),
            Mesh.Authz("shop", "post", "{ selector: { matchLabels: { app: a } }, action: DENY, rules: [{ to: [{ operation: { methods: [POST] } }] }] }"));
        Assert.Equal(["shop/ambient_only_from_waypoint_wp", "shop/port"], result.Workload("a").AuthorizationPolicies);
    }

    [Fact]
    public void Denials_ByTheClientsAddress_AreLeftToTheWaypointThatSeesIt()
    {
        var result = Mesh.Compile(
            Bound, Gateway("all"),
            Mesh.Authz("shop", "net", "{ action: DENY, rules: [{ from: [{ source: { notIpBlocks: [10.1.0.0/16] } }] }] }"));
        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], result.Workload("a").AuthorizationPolicies);
        Assert.Equal(PolicyScope.WorkloadSelector, result.Policy("shop/net")!.Scope);
    }

    [Theory]
    [InlineData("{ ambient.dev/use-waypoint: wp }", "{ app: a }", true)]
    [InlineData("{}", "{ app: a }", false)]
    [InlineData("{ ambient.dev/use-waypoint: wp }", "{ app: a, ambient.dev/use-waypoint: none }", false)]
    [InlineData("{ ambient.dev/use-waypoint: gone }", "{ app: a }", true)]
    public void Service_Bound_PutsTheWaypointBeforeItsPods(string serviceLabels, string podLabels, bool behind)
    {
        string service = Service.Replace("namespace: shop }", $"namespace: shop, labels: {serviceLabels} }}", StringComparison.Ordinal);
        var result = Mesh.Compile(service, Mesh.Pod("shop", "a", "10.0.0.1", podLabels), Gateway("service"), Mesh.Authz("shop", "get", "{ selector: { matchLabels: { app: a } }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }"));
        string listed = Assert.Single(result.Workload("a").AuthorizationPolicies);
        Assert.Equal(behind, listed.Contains("ambient_only_from_waypoint_", StringComparison.Ordinal));
        Assert.Null(result.Workload("a").Waypoint);
    }

    [Fact]
    public void Services_OfOnePod_BoundDifferently_LeaveItsPoliciesWithIt()
    {
        string other = Service.Replace("name: a,", "name: b,", StringComparison.Ordinal).Replace("10.96.0.1", "10.96.0.2", StringComparison.Ordinal);
        string bound = Service.Replace("namespace: shop }", "namespace: shop, labels: { ambient.dev/use-waypoint: wp } }", StringComparison.Ordinal);
        var result = Mesh.Compile(bound, other, Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }"), Gateway("service"), Mesh.Authz("shop", "p", "{ selector: { matchLabels: { app: a } }, rules: [{}] }"));
        Assert.Equal(["shop/p"], result.Workload("a").AuthorizationPolicies);
    }

    [Fact]
    public void DenyAllAndOrders_BehindAWaypoint_AreBothItsAndTheWorkloadListensToItAlone()
    {
        var result = Mesh.Compile(
            Mesh.Namespace("shop", "{ ambient.dev/use-waypoint: wp }"), Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }"), Service, Gateway("service"),
            Mesh.Authz("shop", "deny-all", "{}"),
            Mesh.Authz("shop", "orders", "{ selector: { matchLabels: { app: a } }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }"));
        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], result.Workload("a").AuthorizationPolicies);
        Assert.Equal(["shop/deny-all", "shop/orders"], result.RequestPolicies.Select(p => p.Key));
        Assert.Equal(new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, "shop"), Assert.Single(result.RequestPolicies[0].Targets));
        Assert.Equal(new RequestPolicyTarget(RequestPolicyTargetKind.Selected, "shop"), Assert.Single(result.RequestPolicies[1].Targets));
    }

    [Fact]
    public void CustomAndAudit_BehindAWaypoint_AreItsAlone()
    {
        var result = Mesh.Compile(
            Bound, Gateway("all"),
            Mesh.Authz("shop", "ask", "{ action: CUSTOM, provider: { name: opa }, rules: [{}] }"), Mesh.Authz("shop", "note", "{ action: AUDIT, rules: [{}] }"));
        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], result.Workload("a").AuthorizationPolicies);
    }

    [Fact]
    public void WithoutPolicies_NothingIsNarrowed() => Assert.Empty(Mesh.Compile(Bound, Gateway("all")).Workload("a").AuthorizationPolicies);

    [Fact]
    public void PolicyAtAnotherGateway_LeavesWorkloadsAsTheyAre()
    {
        var result = Mesh.Compile(
            Bound, Gateway("all"),
            Mesh.Authz("shop", "edge", "{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: edge }], action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }"));
        Assert.Empty(result.Workload("a").AuthorizationPolicies);
    }

    [Theory]
    [InlineData("Gateway", "wp")]
    [InlineData("GatewayClass", "ambient-waypoint")]
    public void PolicyAtTheWaypoint_InAnotherNamespace_MakesWorkloadsListenToItAlone(string kind, string name)
    {
        string bound = Mesh.Pod("app", "c", "10.0.0.3", "{ ambient.dev/use-waypoint: wp, ambient.dev/use-waypoint-namespace: shop }");
        string policy = Mesh.Authz("shop", "at", $"{{ targetRefs: [{{ group: gateway.networking.k8s.io, kind: {kind}, name: {name} }}], action: DENY, rules: [{{ to: [{{ operation: {{ paths: [/admin] }} }}] }}] }}");
        IncrementalCompiler compiler = new(CompileOptions.Default);
        foreach (var o in Mesh.Objects(bound + "\n" + Gateway("all")))
        {
            compiler.Put(o);
        }

        compiler.Flush();
        Assert.Empty(compiler.Result().Workload("c").AuthorizationPolicies);

        var put = Assert.Single(Mesh.Objects(policy));
        compiler.Put(put);
        compiler.Flush();
        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], compiler.Result().Workload("c").AuthorizationPolicies);

        compiler.Remove(Sources.ObjectKey.Of(put)!.Value);
        compiler.Flush();
        Assert.Empty(compiler.Result().Workload("c").AuthorizationPolicies);
    }

    [Fact]
    public void TelemetryAtTheWaypoint_LeavesWorkloadsAsTheyAre()
    {
        var result = Mesh.Compile(Bound, Gateway("all"), """
            ---
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: { name: logs, namespace: shop }
            spec:
              targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: wp }]
              accessLogging: [{ providers: [{ name: envoy }] }]
            """);
        Assert.Empty(result.Workload("a").AuthorizationPolicies);
    }

    [Theory]
    [InlineData("istio-system", "ambient-waypoint", true)]
    [InlineData("istio-system", "ambient", false)]
    [InlineData("other", "ambient-waypoint", false)]
    public void PolicyAtTheClassOfTheWaypoint_MakesWorkloadsListenToItAlone(string ns, string @class, bool behind)
    {
        var result = Mesh.Compile(
            Bound, Direct, Gateway("all"),
            Mesh.Authz(ns, "all", $$"""{ targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: {{@class}} }], action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }"""));
        Assert.Equal(behind ? ["shop/ambient_only_from_waypoint_wp"] : [], result.Workload("a").AuthorizationPolicies);
        Assert.Empty(result.Workload("b").AuthorizationPolicies);
    }

    [Theory]
    [InlineData("AuthorizationPolicy", "0 1 2")]
    [InlineData("AuthorizationPolicy", "0 2 1")]
    [InlineData("AuthorizationPolicy", "1 0 2")]
    [InlineData("AuthorizationPolicy", "1 2 0")]
    [InlineData("AuthorizationPolicy", "2 0 1")]
    [InlineData("AuthorizationPolicy", "2 1 0")]
    [InlineData("RequestAuthentication", "0 1 2")]
    [InlineData("RequestAuthentication", "0 2 1")]
    [InlineData("RequestAuthentication", "2 1 0")]
    public void PolicyAtTheClassOfTheWaypoint_InWhateverOrderThingsCome_MakesWorkloadsListenToItAlone(string kind, string order)
    {
        const string target = "targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: ambient-waypoint }]";
        string policy = Mesh.Security(kind, "istio-system", "all", kind == "AuthorizationPolicy" ? $"{{ {target}, action: DENY, rules: [{{ to: [{{ operation: {{ paths: [/admin] }} }}] }}] }}" : $"{{ {target}, jwtRules: [{{ issuer: 'https://a', jwks: '{{\"keys\":[]}}' }}] }}");
        string[] all = [Bound, Gateway("all"), policy];
        IncrementalCompiler compiler = new(CompileOptions.Default);
        foreach (string at in order.Split(' '))
        {
            compiler.Put(Assert.Single(Mesh.Objects(all[int.Parse(at, System.Globalization.CultureInfo.InvariantCulture)])));
            compiler.Flush();
        }

        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], compiler.Result().Workload("a").AuthorizationPolicies);

        compiler.Remove(Sources.ObjectKey.Of(Assert.Single(Mesh.Objects(policy)))!.Value);
        compiler.Flush();
        Assert.Empty(compiler.Result().Workload("a").AuthorizationPolicies);
    }

    private static string Gateway(string @for) => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: wp, namespace: shop, labels: { istio.io/waypoint-for: "{{@for}}" } }
        spec: { gatewayClassName: ambient-waypoint }
        """;
}
