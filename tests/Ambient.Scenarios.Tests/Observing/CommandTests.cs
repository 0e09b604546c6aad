using System.Text.Json.Nodes;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Observing;

/// <summary>What ambientctl says of the running mesh is what the traffic does.</summary>
public sealed class CommandTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task Explain_OfTheRunningMesh_AgreesWithTraffic()
    {
        (string ns, string outside) = (await NamespaceAsync("cli"), await NamespaceAsync("out", enrolled: false));
        MeshPod[] pods = await StartAsync(
            new PodPlan(ns, "web"), new PodPlan(ns, "payment"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true }, new PodPlan(outside, "old"));
        (MeshPod web, MeshPod payment, MeshPod orders, MeshPod old) = (pods[0], pods[1], pods[2], pods[3]);
        Assert.Equal("allow", (string?)(await ExplainAsync(payment, orders))["outcome"]);
        Assert.True(await payment.ReachesAsync(orders));

        await PolicyAsync(ns, "web-only", "ALLOW", "orders", $"[{{ from: [{{ source: {{ principals: [{web.Principal}] }} }}] }}]");
        await BecomesAsync(payment, orders, 9000, reached: false);

        foreach ((MeshPod from, string outcome) in ((MeshPod, string)[])[(web, "allow"), (payment, "deny"), (old, "deny")])
        {
            JsonNode said = await ExplainAsync(from, orders);
            Assert.Equal(outcome, (string?)said["outcome"]);
            Assert.Equal(outcome == "allow", await from.ReachesAsync(orders));
            Assert.Contains(said["policies"]!.AsArray(), p => (string?)p!["name"] == "web-only");
        }

        Assert.True((bool?)(await ExplainAsync(web, orders))["mtls"]!["enabled"]);
        Assert.Equal(web.Identity, (string?)(await ExplainAsync(web, orders))["mtls"]!["client"]);
    }

    [Fact]
    public async Task ProxyConfig_OfTheRunningMesh_ShowsPodsServicesPoliciesAndCertificates()
    {
        string ns = await NamespaceAsync("cli");
        await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        await PolicyAsync(ns, "shown", "DENY", "orders", "[{ to: [{ operation: { ports: ['1'] } }] }]");

        await ShowsAsync("workloads", ns, "orders", "node-2", "HBONE");
        await ShowsAsync("services", ns, $"orders.{ns}.svc.cluster.local");
        await ShowsAsync("policies", ns, "shown", "DENY");
        await ShowsAsync("certificates", $"spiffe://cluster.local/ns/{ns}/sa/web");
    }

    private Task<ExecResult> ShowsAsync(string part, params string[] words) => Until.Async(
        () => RunAsync("proxy-config", part, "-o", "wide"),
        r => r.ExitCode == 0 && r.Output.Split('\n').Any(line => words.All(w => line.Contains(w, StringComparison.Ordinal))),
        $"proxy-config {part} shows {string.Join(' ', words)}");

    private async Task<JsonNode> ExplainAsync(MeshPod from, MeshPod to)
    {
        ExecResult result = await RunAsync("explain", "--from", from.ToString(), "--to", $"{to}:9000", "-o", "json");
        Assert.True(result.Output.StartsWith('{'), $"{result.Output} {result.Error}");
        return JsonNode.Parse(result.Output)!;
    }

    private Task<ExecResult> RunAsync(params string[] words) => LabCluster.ExecInNetnsAsync(
        "/proc/self/ns/net", [MeshFixture.Built("Ambient.Cli", "ambientctl"), .. words, "--kubeconfig", Lab.KubeconfigPath]);
}
