using System.Text.Json;

namespace Ambient.Lab.Tests;

/// <summary>Pods, services and names as seen from inside the pods.</summary>
public sealed class TrafficTests(LabFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Pods_OnOneNodeAndAcross_ReachEachOtherDirectlyAndByService()
    {
        var ct = TestContext.Current.CancellationToken;
        await fixture.Lab.ApplyAsync(
            Manifests.Namespace("traffic") + Manifests.Echo("traffic", "near", pod: "nodeName: node-1")
            + Manifests.Echo("traffic", "far", pod: "nodeName: node-2") + Manifests.Echo("traffic", "client", pod: "nodeName: node-1"), ct);
        var client = (await fixture.Lab.WaitReadyAsync("traffic", "app=client", 1, Patience, ct))[0];
        await fixture.Lab.WaitReadyAsync("traffic", "app=near", 1, Patience, ct);
        await fixture.Lab.WaitReadyAsync("traffic", "app=far", 1, Patience, ct);

        foreach (var name in (string[])["near", "far"])
        {
            var answer = await CallAsync(client, $"http://{name}/hello");
            Assert.Equal(200, answer.GetProperty("status").GetInt32());
            Assert.StartsWith(name, answer.GetProperty("body").GetProperty("pod").GetString());
        }
    }

    private async Task<JsonElement> CallAsync(string pod, string url)
    {
        var result = await fixture.Lab.ExecInPodAsync("traffic", pod, ["ambient-echo", "call", url], null, TestContext.Current.CancellationToken);
        Assert.True(result.Output.Length > 0, result.Error);
        return JsonDocument.Parse(result.Output.Split('\n')[0]).RootElement;
    }
}
