using Ambient.Compile.Reports;
using Ambient.Core.Policies;

namespace Ambient.Compile.Tests.Authorization;

/// <summary>A policy that is attached to an object is enforced by its waypoint, or, where there is none, at the pods behind it.</summary>
public sealed class TargetTests
{
    private const string Policy = "{ targetRefs: [{ group: '', kind: Service, name: a }], rules: [{ from: [{ source: { namespaces: [web] } }] }] }";

    private static readonly string Pods = Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }") + "\n" + Mesh.Pod("shop", "b", "10.0.0.2", "{ app: b }");

    [Fact]
    public void ServiceWithoutWaypoint_ItsPodsListThePolicy()
    {
        var result = Mesh.Compile(Pods, Service(""), Mesh.Authz("shop", "p", Policy));

        Assert.Equal(["shop/p"], result.Workload("a").AuthorizationPolicies);
        Assert.Empty(result.Workload("b").AuthorizationPolicies);
        Assert.Equal((PolicyScope.WorkloadSelector, PolicyAction.Allow), (result.Policy("shop/p")!.Scope, result.Policy("shop/p")!.Action));
        Assert.Equal(["Accepted True", "ZtunnelAccepted True"], Conditions(result));
    }

    [Fact]
    public void ServiceWithWaypoint_IsLeftToItAndItsPodsListenToNobodyElse()
    {
        var result = Mesh.Compile(Pods, Service("istio.io/use-waypoint: wp"), Mesh.Authz("shop", "p", Policy));

        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], result.Workload("a").AuthorizationPolicies);
        Assert.Null(result.Policy("shop/p"));
        Assert.Equal(["Accepted True", "ZtunnelAccepted False", "WaypointAccepted True"], Conditions(result));
    }

    [Fact]
    public void MissingService_IsReported()
    {
        var result = Mesh.Compile(Pods, Mesh.Authz("shop", "p", Policy));

        Assert.Equal(["Accepted False"], Conditions(result));
        Assert.Contains(result.Findings, f => f is { Code: FindingCodes.NotAttached, Field: "spec.targetRefs" });
    }

    [Theory]
    [InlineData("{ group: '', kind: Pod, name: a }", "spec.targetRefs[0].kind")]
    [InlineData("{ kind: Service, name: a, namespace: web }", "spec.targetRefs[0].namespace")]
    public void BadTarget_RefusesThePolicy(string target, string field)
    {
        var result = Mesh.Compile(Pods, Service(""), Mesh.Authz("shop", "p", $"{{ targetRefs: [{target}], rules: [{{}}] }}"));

        Assert.Contains(result.Findings, f => f.Field == field && f.Level == FindingLevel.Error);
        Assert.Equal(PolicyAction.Deny, result.Policy("shop/ambient_refused_p")!.Action);
    }

    [Fact]
    public void WaypointBoundAndUnbound_LiveChange_MovesTheEnforcement()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        Put(Pods, Mesh.Authz("shop", "p", Policy), Service(""));
        Assert.Equal(["shop/p"], compiler.Result().Workload("a").AuthorizationPolicies);
        Put(Service("istio.io/use-waypoint: wp"));
        Assert.Equal(["shop/ambient_only_from_waypoint_wp"], compiler.Result().Workload("a").AuthorizationPolicies);
        Assert.Null(compiler.Result().Policy("shop/p"));
        Put(Service(""));
        Assert.Equal(["shop/p"], compiler.Result().Workload("a").AuthorizationPolicies);
        Assert.NotNull(compiler.Result().Policy("shop/p"));

        void Put(params string[] yaml)
        {
            foreach (var manifest in yaml.SelectMany(Mesh.Objects))
            {
                compiler.Put(manifest);
            }

            compiler.Flush();
        }
    }

    private static IEnumerable<string> Conditions(CompileResult result) =>
        Assert.Single(result.Status, s => s.Name == "p").Conditions.Select(c => $"{c.Type} {c.Status}");

    private static string Service(string labels) => $$"""
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: a, namespace: shop, labels: { {{labels}} } }
        spec: { clusterIP: 10.96.0.1, selector: { app: a }, ports: [{ port: 80 }] }
        """;
}
