using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Traffic;

/// <summary>Each node of the lab is a zone of its own: which of two endpoints requests go to, counted.</summary>
public sealed class ZoneTests(MeshFixture mesh) : Scenario(mesh)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task TrafficDistribution_PrefersTheCallersZoneOrNode_AndLeavesItWhenNobodyIsThere()
    {
        string ns = await NamespaceAsync("near");
        MeshPod client = await OrdersAsync(ns);
        await Until.Async(() => CountAsync(client, 20), c => c["one"] > 0 && c["two"] > 0, "both are asked without a word about it");

        foreach (string preference in (string[])["PreferClose", "PreferSameNode", "PreferSameZone"])
        {
            await PatchAsync(ns, new JsonObject { ["spec"] = new JsonObject { ["trafficDistribution"] = preference } });
            await Until.Async(() => CountAsync(client, 20), c => c["one"] == 20, $"{preference} holds");
            Assert.Equal(100, (await CountAsync(client, 100))["one"]);
            await PatchAsync(ns, new JsonObject { ["spec"] = new JsonObject { ["trafficDistribution"] = null } });
            await Until.Async(() => CountAsync(client, 20), c => c["two"] > 0, "both are asked again");
        }

        await PatchAsync(ns, new JsonObject { ["spec"] = new JsonObject { ["trafficDistribution"] = "PreferClose" } });
        await DeleteAsync("", "Pod", ns, "one");
        await Until.Async(() => CountAsync(client, 20), c => c["two"] == 20, "the other zone has all");
        Assert.Equal(100, (await CountAsync(client, 100))["two"]);
    }

    [Fact]
    public async Task DestinationRule_OfAWaypoint_DistributesByZone()
    {
        string ns = await NamespaceAsync("zones");
        await ApplyAsync($$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: waypoint, namespace: {{ns}} }
            spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
            """);
        MeshPod client = await OrdersAsync(ns);
        string waypoint = (await Lab.WaitReadyAsync(ns, "gateway.networking.k8s.io/gateway-name=waypoint", 1, Patience, Stop))[0];
        await LabelAsync(ns, "ambient.dev/use-waypoint", "waypoint");
        await Until.TrueAsync(async () => (await CountAsync(client, 5)).Values.Sum() == 5 && Lab.Log(ns, waypoint).Contains("GET / HTTP", StringComparison.Ordinal), "requests pass the waypoint", Patience);
        JsonObject pod = await Lab.Admin.Resource(new GroupKind("", "Pod")).GetAsync(ns, waypoint, Stop);
        bool isOnOne = (string?)pod["spec"]!["nodeName"] == "node-1";
        string far = isOnOne ? "two" : "one";
        (string here, string there) = isOnOne ? ("lab/lab-1/*", "lab/lab-2/*") : ("lab/lab-2/*", "lab/lab-1/*");

        await RuleAsync(ns, $$"""localityLbSetting: { distribute: [{ from: "{{here}}", to: { "{{here}}": 20, "{{there}}": 80 } }] }""");
        await Until.Async(() => CountAsync(client, 100), c => c[far] is > 65 and < 95, "four of five go to the other zone");
        Assert.InRange((await CountAsync(client, 500))[far], 350, 450);
    }

    private Task RuleAsync(string ns, string locality) => ApplyAsync($$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: orders, namespace: {{ns}} }
        spec: { host: orders, trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN, {{locality}} } } }
        """);

    private async Task<MeshPod> OrdersAsync(string ns)
    {
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: orders, namespace: {{ns}} }
            spec: { selector: { tier: orders }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
            """);
        return (await StartAsync(
            new PodPlan(ns, "client"),
            new PodPlan(ns, "one") { IsEcho = true, Labels = "tier: orders" },
            new PodPlan(ns, "two") { Node = "node-2", IsEcho = true, Labels = "tier: orders" }))[0];
    }

    private Task<JsonObject> PatchAsync(string ns, JsonObject patch) => Lab.Admin.Resource(new GroupKind("", "Service")).PatchAsync(ns, "orders", Patch.Merge(patch), Stop);

    /// <summary>Answers by the pod that gave them, each on a connection of its own.</summary>
    private static async Task<Dictionary<string, int>> CountAsync(MeshPod client, int requests)
    {
        ExecResult result = await client.ExecAsync(
            "bash", "-c", $$"""for i in $(seq {{requests}}); do curl -s -m 10 http://orders/ | grep -o '"pod": *"[a-z]*"'; done | grep -o '[a-z]*"$' | tr -d '"' | sort | uniq -c""");
        Dictionary<string, int> counts = new() { ["one"] = 0, ["two"] = 0 };
        foreach (string[] row in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            counts[row[1]] = int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture);
        }

        return counts;
    }
}
