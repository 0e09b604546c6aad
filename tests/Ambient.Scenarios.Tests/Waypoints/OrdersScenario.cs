using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Resources;
using Ambient.Resources.Manifests;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>A test on what <see cref="OrdersFixture"/> made: applies manifests as given, sends counted requests, and takes away what it applied.</summary>
public abstract class OrdersScenario(MeshFixture mesh) : Scenario(mesh)
{
    protected const string Orders = "http://orders-service/api/orders";

    /// <summary>kubectl apply -f, of a file of the field as it is; deleted after the test.</summary>
    protected async Task ApplyFileAsync(string file)
    {
        string yaml = Manifest(file);
        await ApplyAsync(yaml);
        foreach (ManifestObject item in ManifestReader.ReadText(Encoding.UTF8.GetBytes(yaml), file).Objects)
        {
            var type = GroupVersionKind.Parse((string)item.Content["apiVersion"]!, (string)item.Content["kind"]!);
            string name = (string)item.Content["metadata"]!["name"]!;
            Afterwards(() => DeleteAsync(type.Group, type.Kind, OrdersFixture.Namespace, name));
        }
    }

    /// <summary>Counted requests of a client's pod.</summary>
    internal async Task<ShopLoad> LoadAsync(string from, int requests, params string[] more)
    {
        ExecResult result = await Lab.ExecInPodAsync(
            OrdersFixture.Namespace, from,
            ["ambient-shop", "load", more is [var url, ..] && url.StartsWith("http", StringComparison.Ordinal) ? url : Orders, "--requests", $"{requests}",
                .. more is [var first, ..] && first.StartsWith("http", StringComparison.Ordinal) ? more[1..] : more],
            null, Stop);
        Assert.True(result.Output.StartsWith('{'), $"load: {result.ExitCode} {result.Output} {result.Error}");
        return new ShopLoad((JsonObject)JsonNode.Parse(result.Output)!);
    }

    /// <summary>Waits until small samples of requests look like what was applied.</summary>
    internal Task<ShopLoad> BecomesAsync(string from, Predicate<ShopLoad> applied, string what, params string[] more) =>
        Until.Async(() => LoadAsync(from, 60, more), applied, what);

    /// <summary>Tells one pod of orders how to behave; well again after the test.</summary>
    internal async Task BehaveAsync(string pod, params string[] settings)
    {
        Afterwards(async () => await SetAsync(pod));
        await SetAsync(pod, settings);
    }

    internal Task<IReadOnlyList<string>> PodsAsync(string version) =>
        Lab.WaitReadyAsync(OrdersFixture.Namespace, $"app=orders,version={version}", 3, TimeSpan.FromSeconds(30), Stop);

    /// <summary>Tells all pods of orders.</summary>
    internal async Task AllBehaveAsync(params string[] settings)
    {
        foreach (string version in (string[])["v1", "v2"])
        {
            foreach (string pod in await PodsAsync(version))
            {
                await BehaveAsync(pod, settings);
            }
        }
    }

    /// <summary>Waits until a resource says that it is accepted.</summary>
    protected Task AcceptedAsync(string group, string kind, string name) => AcceptedAsync(group, kind, OrdersFixture.Namespace, name);

    private async Task SetAsync(string pod, params string[] settings)
    {
        ExecResult result = await Lab.ExecInPodAsync(OrdersFixture.Namespace, pod, ["ambient-shop", "set", .. settings], null, CancellationToken.None);
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
