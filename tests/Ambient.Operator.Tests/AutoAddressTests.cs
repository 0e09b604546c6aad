using System.Text.Json.Nodes;
using Ambient.Kube.Resources;
using Ambient.Operator.Tests.Support;

namespace Ambient.Operator.Tests;

/// <summary>Addresses of outside hosts: written to their status once, and what proxies get.</summary>
public sealed class AutoAddressTests
{
    [Fact]
    public async Task ServiceEntry_WithoutAddresses_GetsThemInItsStatusAndProxiesHearOfThem()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        RunningOperator op = await world.OperatorAsync();
        await using Proxy proxy = await Proxy.StartAsync(world, op, ztunnel);
        await Eventually.True(() => proxy.HasSynced);

        await world.ApplyAsync("""
            {"apiVersion":"networking.istio.io/v1beta1","kind":"ServiceEntry","metadata":{"name":"external-api","namespace":"shop"},
             "spec":{"hosts":["api.stripe.com"],"ports":[{"number":443,"name":"https","protocol":"HTTPS"}],"location":"MESH_EXTERNAL","resolution":"DNS"}}
            """);

        await Eventually.True(() => proxy.Seen(u => u.Services).Any(s => s.Hostname == "api.stripe.com" && s.Addresses.Length == 2));
        JsonObject entry = (await world.Kube.Resource(new GroupKind("networking.istio.io", "ServiceEntry")).FindAsync("shop", "external-api", World.Cancel))!;
        string[] written = [.. entry["status"]!["addresses"]!.AsArray().Select(a => (string)a!["value"]!)];
        Assert.Equal(written.Order(), proxy.Seen(u => u.Services).Last(s => s.Hostname == "api.stripe.com").Addresses.Select(a => a.Address.ToString()).Order());
        Assert.All(entry["status"]!["addresses"]!.AsArray(), a => Assert.Equal("api.stripe.com", (string)a!["host"]!));
        Assert.Contains(proxy.Seen(u => u.Workloads), w => w.Hostname == "api.stripe.com");
    }
}
