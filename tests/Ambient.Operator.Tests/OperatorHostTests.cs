using System.Text.Json.Nodes;
using Ambient.Core.Identity;
using Ambient.Core.Policies;
using Ambient.Core.Workloads;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Operator.Tests.Support;

namespace Ambient.Operator.Tests;

/// <summary>A whole operator against an API server in this process: what a node's proxy and a person with kubectl see of it.</summary>
public sealed class OperatorHostTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_EmptyCluster_MakesACaWritesRootsLeadsAndIsReady()
    {
        await using World world = await World.StartAsync();
        RunningOperator op = await world.OperatorAsync();
        Assert.Equal((200, "ready\n"), await op.GetAsync("/healthz/ready"));
        Secret ca = await world.Kube.GetAsync<Secret>("ambient-system", "ambient-ca", Cancel);
        Assert.Equal(["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"], ca.Data.Keys.Order(StringComparer.Ordinal));
        await world.NamespaceAsync("shop");
        await Eventually.True(async () => await world.Kube.FindAsync<ConfigMap>("shop", "ambient-ca-root-cert", Cancel) is not null
            && await world.Kube.FindAsync<ConfigMap>("ambient-system", "ambient-ca-root-cert", Cancel) is not null);
        Lease lease = await world.Kube.GetAsync<Lease>("ambient-system", "ambient-operator", Cancel);
        Assert.Equal("op-1", lease.Spec!.HolderIdentity);
        Assert.Equal(1, await op.MetricAsync("ambient_operator_leader"));
        Assert.Equal(1, await op.MetricAsync("ambient_operator_kind_served{kind=\"AuthorizationPolicy.security.istio.io\"}"));
        Assert.True(await op.MetricAsync("ambient_operator_compile_seconds_count") >= 1);
    }

    [Fact]
    public async Task Namespace_Labelled_NodesProxyHearsOfItsPodsAlone()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop");
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        Pod here = await world.PodAsync("shop", "orders", "orders", "node-1", "10.244.1.5");
        Pod there = await world.PodAsync("shop", "stock", "stock", "node-2", "10.244.2.5");
        RunningOperator op = await world.OperatorAsync();
        await using Proxy proxy = await Proxy.StartAsync(world, op, ztunnel);
        await Eventually.True(() => proxy.HasSynced);
        Assert.Contains(proxy.Seen(u => u.Enrolments), e => e.PodUid == here.Metadata.Uid && !e.Enrolled);
        await world.Kube.Resource<Namespace>().PatchAsync(null, "shop", Patch.Merge((JsonObject)JsonNode.Parse(
            """{"metadata":{"labels":{"ambient.dev/mesh":"enabled"}}}""")!), Cancel);
        await Eventually.True(() => proxy.Seen(u => u.Enrolments).Any(e => e.PodUid == here.Metadata.Uid && e.Enrolled));
        await Eventually.True(() => proxy.Seen(u => u.Workloads).Any(w => w.Name == "stock" && w.TunnelProtocol == TunnelProtocol.Hbone));
        Assert.DoesNotContain(proxy.Seen(u => u.Enrolments), e => e.PodUid == there.Metadata.Uid);
        (_, string proxies) = await op.GetAsync("/debug/proxies");
        Assert.Contains("ztunnel~127.0.0.1~ztunnel-1.ambient-system", proxies, StringComparison.Ordinal);
        (_, string snapshot) = await op.GetAsync("/debug/snapshot");
        Assert.Contains("10.244.2.5", snapshot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_NodeCheck_GivesOnlyEnrolledPodsOfTheCallersNode()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        await world.NamespaceAsync("plain");
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        Pod orders = await world.PodAsync("shop", "orders", "orders", "node-1", "10.244.1.5");
        await world.PodAsync("shop", "stock", "stock", "node-2", "10.244.2.5");
        await world.PodAsync("shop", "job", "job", "node-1", "10.244.1.6", "Succeeded");
        await world.PodAsync("plain", "legacy", "legacy", "node-1", "10.244.1.7");
        RunningOperator op = await world.OperatorAsync();
        await using Proxy proxy = await Proxy.StartAsync(world, op, ztunnel);
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/orders", (await proxy.CertificateAsync(Id("shop", "orders"))).Id.ToString());
        Assert.Contains("node-1", await RefusedAsync(proxy, Id("shop", "stock")), StringComparison.Ordinal);
        await RefusedAsync(proxy, Id("shop", "job"));
        await RefusedAsync(proxy, Id("plain", "legacy"));
        await RefusedAsync(proxy, Id("ambient-system", "ambient-operator"));
        Assert.Contains("trust domain", await RefusedAsync(proxy, new SpiffeId("elsewhere.test", "shop", "orders")), StringComparison.Ordinal);

        await using Proxy pod = await Proxy.StartAsync(world, op, orders);
        Assert.Equal("orders", (await pod.CertificateAsync(Id("shop", "orders"), impersonate: false)).Id.ServiceAccount);
        Assert.Contains("only a node's proxy", await RefusedAsync(pod, Id("ambient-system", "ambient-ztunnel")), StringComparison.Ordinal);
        Assert.Equal(2, await op.MetricAsync("ambient_operator_certificates_total{result=\"issued\"}"));
        Assert.Equal(6, await op.MetricAsync("ambient_operator_certificates_total{result=\"refused\"}"));
    }

    [Fact]
    public async Task Policy_Applied_ReachesTheProxyAndItsStatusSaysSo()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        RunningOperator op = await world.OperatorAsync();
        await using Proxy proxy = await Proxy.StartAsync(world, op, ztunnel);
        await Eventually.True(() => proxy.HasSynced);
        await world.ApplyAsync(DenyAll("shop", "nobody"));
        await Eventually.True(() => proxy.Seen(u => u.Policies).Any(p => p is { Key: "shop/nobody", Action: PolicyAction.Allow, Scope: PolicyScope.Namespace }));
        JsonObject policy = await ConditionAsync(world, "shop", "nobody", "True");
        Assert.All(
            policy["status"]!["conditions"]!.AsArray(),
            c => Assert.Equal((long)policy["metadata"]!["generation"]!, (long)c!["observedGeneration"]!));
        await world.Kube.Resource(new GroupKind("security.istio.io", "AuthorizationPolicy")).DeleteAsync("shop", "nobody", null, Cancel);
        await Eventually.True(() => proxy.Seen(u => u.RemovedPolicies).Contains("shop/nobody"));
    }

    [Fact]
    public async Task Policy_WithAMisspeltField_IsRefusedOnItsStatusWithAnEvent()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        await world.OperatorAsync();
        await world.ApplyAsync("""
            {"apiVersion":"security.istio.io/v1","kind":"AuthorizationPolicy","metadata":{"name":"typo","namespace":"shop"},
             "spec":{"action":"DENY","rules":[{"from":[{"source":{"notPrincipal":["a"]}}]}]}}
            """);
        JsonObject policy = await ConditionAsync(world, "shop", "typo", "False");
        Assert.Contains("notPrincipal", policy["status"]!.ToJsonString(), StringComparison.Ordinal);
        await Eventually.True(async () => (await world.Kube.ListAsync<Event>("shop", null, Cancel)).Items
            .Any(e => e is { InvolvedObject.Name: "typo", Type: "Warning" } && e.Message.Contains("notPrincipal", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task TwoReplicas_BothServeTheSameCaOneLeadsAndTheOtherTakesOver()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        await world.PodAsync("shop", "orders", "orders", "node-1", "10.244.1.5");
        RunningOperator[] ops = await Task.WhenAll(world.OperatorAsync("op-1"), world.OperatorAsync("op-2"));
        await Eventually.True(async () => await ops[0].MetricAsync("ambient_operator_leader") + await ops[1].MetricAsync("ambient_operator_leader") == 1);
        foreach (RunningOperator op in ops)
        {
            await using Proxy proxy = await Proxy.StartAsync(world, op, ztunnel);
            Assert.Equal("orders", (await proxy.CertificateAsync(Id("shop", "orders"))).Id.ServiceAccount);
        }

        int leader = await ops[0].MetricAsync("ambient_operator_leader") == 1 ? 0 : 1;
        await ops[leader].DisposeAsync();
        await Eventually.True(async () => await ops[1 - leader].MetricAsync("ambient_operator_leader") == 1);
        await world.ApplyAsync(DenyAll("shop", "late"));
        await ConditionAsync(world, "shop", "late", "True");
    }

    [Fact]
    public async Task ApiServer_Restarted_NothingIsLostAndChangesComeAgain()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        await world.PodAsync("shop", "orders", "orders", "node-1", "10.244.1.5");
        RunningOperator op = await world.OperatorAsync();
        await using Proxy proxy = await Proxy.StartAsync(world, op, ztunnel);
        await Eventually.True(() => proxy.HasSynced);
        await world.Server.RestartAsync(TimeSpan.FromMilliseconds(300), forgetHistory: true, Cancel);
        await Eventually.True(async () =>
        {
            try
            {
                await world.ApplyAsync(DenyAll("shop", "after"));
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or KubeException or IOException)
            {
                return false;
            }
        });
        await Eventually.True(() => proxy.Seen(u => u.Policies).Any(p => p.Key == "shop/after"));
        Assert.Empty(proxy.Seen(u => u.RemovedWorkloads));
        Assert.Equal(200, (await op.GetAsync("/healthz/ready")).Status);
    }

    [Fact]
    public async Task Start_KindsWithoutCrds_IsReadyAndTakesThemWhenTheyCome()
    {
        await using World world = await World.StartAsync(crds: false);
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        RunningOperator op = await world.OperatorAsync();
        Assert.Equal(0, await op.MetricAsync("ambient_operator_kind_served{kind=\"AuthorizationPolicy.security.istio.io\"}"));
        await using Proxy proxy = await Proxy.StartAsync(world, op, ztunnel);
        await Eventually.True(() => proxy.HasSynced);
        await world.ApplyAsync("""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"authorizationpolicies.security.istio.io"},
             "spec":{"group":"security.istio.io","scope":"Namespaced","names":{"plural":"authorizationpolicies","singular":"authorizationpolicy","kind":"AuthorizationPolicy","listKind":"AuthorizationPolicyList"},
              "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """);
        await Eventually.True(async () =>
        {
            try
            {
                await world.ApplyAsync(DenyAll("shop", "late"));
                return true;
            }
            catch (KubeException)
            {
                return false;
            }
        });
        await Eventually.True(() => proxy.Seen(u => u.Policies).Any(p => p.Key == "shop/late"));
    }

    private static SpiffeId Id(string ns, string account) => new("cluster.local", ns, account);

    private static string DenyAll(string ns, string name) =>
        $$$"""{"apiVersion":"security.istio.io/v1","kind":"AuthorizationPolicy","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}"},"spec":{}}""";

    private static async Task<string> RefusedAsync(Proxy proxy, SpiffeId id) =>
        (await Assert.ThrowsAsync<CertificateRefusedException>(() => proxy.CertificateAsync(id))).Message;

    private static async Task<JsonObject> ConditionAsync(World world, string ns, string name, string status)
    {
        JsonObject? policy = null;
        await Eventually.True(async () =>
        {
            policy = await world.Kube.Resource(new GroupKind("security.istio.io", "AuthorizationPolicy")).GetAsync(ns, name, Cancel);
            return (policy["status"]?["conditions"] as JsonArray)?.Any(c => (string?)c!["status"] == status) == true;
        });
        return policy!;
    }
}
