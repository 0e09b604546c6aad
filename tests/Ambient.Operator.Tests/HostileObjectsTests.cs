using System.Text.Json.Nodes;
using Ambient.Core.Policies;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Operator.Tests.Support;

namespace Ambient.Operator.Tests;

/// <summary>What people and programs put into the API server that nobody can mean: told by field and reason, and the operator goes on.</summary>
public sealed class HostileObjectsTests
{
    private const string Denial = """{"action":"DENY","rules":[{"to":[{"operation":{"ports":["22"]}}]}]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_ThatNobodyCanMean_AreToldByFieldAndTheOperatorGoesOn()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        await world.PodAsync("shop", "orders", "orders", "node-1", "10.244.1.5");
        RunningOperator op = await world.OperatorAsync();
        await using Proxy proxy = await Proxy.StartAsync(world, op, ztunnel);
        await world.ApplyAsync(Policy("good", Denial));
        await Eventually.True(() => proxy.Seen(u => u.Policies).Any(p => p.Key == "shop/good"));

        // A field that does not exist, in a change: the last good version stays.
        await world.ApplyAsync(Policy("good", """{"action":"DENY","rulez":[]}"""));
        JsonObject refused = await ConditionAsync(world, "good", "False");
        Assert.Contains("spec.rulez", (string)refused["message"]!, StringComparison.Ordinal);
        Assert.Contains("last good version", (string)refused["message"]!, StringComparison.Ordinal);

        // Thousands of problems: a status that the API server takes.
        string ports = string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"{new string('x', 2_000)}{i}\""));
        string rules = string.Join(',', Enumerable.Repeat($$"""{"to":[{"operation":{"ports":[{{ports}}]} }]}""", 20));
        await world.ApplyAsync(Policy("endless", $$"""{"action":"DENY","rules":[{{rules}}]}"""));
        refused = await ConditionAsync(world, "endless", "False");
        Assert.Contains("more problems", (string)refused["message"]!, StringComparison.Ordinal);

        // Ten megabytes and a name of a kilobyte do not get past the API server; whatever it says, the operator stands.
        await Assert.ThrowsAnyAsync<Exception>(() => world.ApplyAsync(Policy("huge", Denial.Replace("22", new string('2', 10_000_000), StringComparison.Ordinal))));
        await Assert.ThrowsAsync<KubeException>(() => world.ApplyAsync(Policy(new string('n', 1024), Denial)));

        // The same address twice: the older pod keeps it.
        await world.PodAsync("shop", "thief", "thief", "node-2", "10.244.1.5");
        await world.ApplyAsync(Policy("after", Denial));
        await Eventually.True(() => proxy.Seen(u => u.Policies).Any(p => p.Key == "shop/after"));
        Assert.DoesNotContain(proxy.Seen(u => u.Workloads), w => w.Name == "thief" && !w.Addresses.IsEmpty);
        Assert.DoesNotContain(proxy.Seen(u => u.RemovedPolicies), key => key == "shop/good");
        Assert.Equal(PolicyAction.Deny, proxy.Seen(u => u.Policies).Last(p => p.Key == "shop/good").Action);
        Assert.Equal((200, "ready\n"), await op.GetAsync("/healthz/ready"));
    }

    private static JsonObject Policy(string name, string spec) => (JsonObject)JsonNode.Parse(
        $$"""{"apiVersion":"security.istio.io/v1","kind":"AuthorizationPolicy","metadata":{"name":"{{name}}","namespace":"shop"},"spec":{{spec}} }""")!;

    private static async Task<JsonObject> ConditionAsync(World world, string name, string status)
    {
        JsonObject? found = null;
        await Eventually.True(async () =>
        {
            JsonObject o = await world.Kube.Resource(GroupVersionKind.Parse("security.istio.io/v1", "AuthorizationPolicy")).GetAsync("shop", name, Cancel);
            found = ((o["status"] as JsonObject)?["conditions"] as JsonArray ?? []).OfType<JsonObject>()
                .FirstOrDefault(c => (string?)c["type"] == "Accepted" && (string?)c["status"] == status);
            return found is not null;
        });
        return found!;
    }
}
