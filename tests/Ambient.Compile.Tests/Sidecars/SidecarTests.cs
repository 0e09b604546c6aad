using Ambient.Compile.Reports;
using Ambient.Core.Egress;

namespace Ambient.Compile.Tests.Sidecars;

public sealed class SidecarTests
{
    private static readonly string Pod = Mesh.Pod("shop", "web", "10.0.0.1", "{ app: web }");

    [Theory]
    [InlineData("shop", "namespace/shop")]
    [InlineData("istio-system", "mesh")]
    [InlineData("ambient-system", "mesh")]
    public void Sidecar_WithoutSelector_SpeaksForItsNamespaceOrTheMesh(string ns, string scope)
    {
        var result = Mesh.Compile(Pod, Sidecar(ns, "default", "egress: [{ hosts: ['./*', 'istio-system/*'] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY }"));

        var visibility = Visibilities(result).Single();
        Assert.Equal(scope, visibility.Key);
        Assert.False(visibility.AllowOthers);
        Assert.Equal([new EgressHost(ns, "*"), new EgressHost("istio-system", "*")], visibility.Listeners.Single().Hosts);
        Assert.Null(result.Workload("web").Egress);
    }

    [Fact]
    public void Sidecar_WithSelector_IsNamedByWhomItChooses()
    {
        var result = Mesh.Compile(
            Pod, Mesh.Pod("shop", "other", "10.0.0.2", "{ app: other }"), Mesh.Pod("pay", "web", "10.0.0.3", "{ app: web }"),
            Sidecar("shop", "younger", "workloadSelector: { labels: { app: web } }", "2026-02-01T00:00:00Z"),
            Sidecar("shop", "older", "workloadSelector: { labels: { app: web } }", "2026-01-01T00:00:00Z"));

        Assert.Equal("workloads/shop/older", result.Workloads.Single(w => w is { Name: "web", Namespace: "shop" }).Egress);
        Assert.Null(result.Workload("other").Egress);
        Assert.Null(result.Workloads.Single(w => w.Namespace == "pay").Egress);
    }

    [Fact]
    public void Gateway_Pod_SeesAll() => Assert.Equal("*", Mesh.Compile(
        Mesh.Pod("shop", "wp", "10.0.0.1", "{ gateway.networking.k8s.io/gateway-name: wp, app: web }"),
        Sidecar("shop", "s", "workloadSelector: { labels: { app: web } }")).Workload("wp").Egress);

    [Fact]
    public void Two_OfOneScope_TheOlderCountsAndTheOtherIsTold()
    {
        var result = Mesh.Compile(
            Sidecar("shop", "b", "outboundTrafficPolicy: { mode: REGISTRY_ONLY }", "2026-02-01T00:00:00Z"),
            Sidecar("shop", "a", "outboundTrafficPolicy: { mode: ALLOW_ANY }", "2026-01-01T00:00:00Z"));

        Assert.True(Visibilities(result).Single().AllowOthers);
        Assert.Contains(result.Status.Single(s => s.Name == "b").Conditions, c => c is { Status: "False", Reason: "Conflicted" });
    }

    [Theory]
    [InlineData("egress: [{ hosts: ['orders'] }]", "spec.egress[0].hosts[0]")]
    [InlineData("egress: [{ hosts: ['./a b'] }]", "spec.egress[0].hosts[0]")]
    [InlineData("egress: [{ port: { number: 80 } }]", "spec.egress[0].hosts")]
    [InlineData("outboundTrafficPolicy: { mode: NOTHING }", "spec.outboundTrafficPolicy.mode")]
    public void Sidecar_WrittenBadly_HasNoEffectAndSaysWhere(string spec, string field)
    {
        var result = Mesh.Compile(Pod, Sidecar("shop", "bad", spec));

        Assert.Empty(Visibilities(result));
        Assert.Contains(result.Findings, f => f.Field == field && f.Level == FindingLevel.Error);
    }

    [Fact]
    public void Nothing_IsSeen_WhereTheHostsSaySo() =>
        Assert.Empty(Visibilities(Mesh.Compile(Sidecar("shop", "s", "egress: [{ hosts: ['~/*'] }]"))).Single().Listeners.Single().Hosts);

    [Fact]
    public void Sidecar_ComesAndGoes_PodsFollow()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        Put(Pod, Sidecar("shop", "s", "workloadSelector: { labels: { app: web } }"));
        Assert.Equal("workloads/shop/s", compiler.Result().Workload("web").Egress);
        Put(Sidecar("shop", "s", "workloadSelector: { labels: { app: other } }"));
        Assert.Null(compiler.Result().Workload("web").Egress);
        compiler.Remove(new Sources.ObjectKey(Sources.KnownKinds.Sidecar, "shop", "s"));
        Assert.Equal("EgressVisibility/workloads/shop/s", Assert.Single(compiler.Flush().Update.RemovedResources).ToString());

        void Put(params string[] yaml)
        {
            foreach (var manifest in yaml.SelectMany(Mesh.Objects))
            {
                compiler.Put(manifest);
            }

            compiler.Flush();
        }
    }

    private static IEnumerable<EgressVisibility> Visibilities(CompileResult result) => result.Resources.OfType<EgressVisibility>();

    private static string Sidecar(string ns, string name, string spec, string created = "2026-01-01T00:00:00Z") => $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: { name: {{name}}, namespace: {{ns}}, creationTimestamp: "{{created}}" }
        spec: { {{spec}} }

        """;
}
