using System.Net;
using System.Text.Json.Nodes;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <content>Manifests about what comes in from other clusters and what goes out of this one.</content>
public sealed partial class FieldTests
{
    private const string EastWest = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: east-west, annotations: { ambient.dev/service-type: ClusterIP } }
        spec:
          gatewayClassName: ambient-east-west
          infrastructure: { labels: { istio: eastwestgateway } }
          listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
        """;

    [Fact]
    public async Task F14_AutoPassthrough_IsAcceptedAndProgrammedAtTheGatewayWithItsLabels()
    {
        await ApplyFileAsync("14-gateway-multicluster-auto-passthrough.yaml");
        await ConditionAsync("cluster-1-gateway", "Accepted", "True");
        await ConditionAsync("cluster-1-gateway", "Programmed", "False");

        await ApplyAsync(EastWest);
        Afterwards(() => DeleteAsync("gateway.networking.k8s.io", "Gateway", OrdersFixture.Namespace, "east-west"));

        await ConditionAsync("cluster-1-gateway", "Programmed", "True");
    }

    [Fact]
    public async Task F15_ExternalApi_IsReachedByItsNameThroughTheWaypoint()
    {
        await using OutsideServer server = await OutsideServer.StartAsync(Lab, "api.stripe.com", 443);
        Lab.NameOutside(new Dictionary<string, IPAddress> { ["api.stripe.com"] = OutsideServer.Address });
        await ApplyFileAsync("15-serviceentry-external-api-and-retry.yaml");
        await AcceptedAsync(Istio, "VirtualService", "stripe-retry");
        string waypoint = (await Lab.WaitReadyAsync(OrdersFixture.Namespace, "gateway.networking.k8s.io/gateway-name=waypoint", 1, TimeSpan.FromSeconds(30), Stop))[0];
        JsonObject pod = await Lab.Admin.Resource(new GroupKind("", "Pod")).GetAsync(OrdersFixture.Namespace, waypoint, Stop);

        ExecResult answer = await Until.Async(
            () => Lab.ExecInPodAsync(OrdersFixture.Namespace, "browser", ["curl", "-s", "-k", "-m", "10", "https://api.stripe.com/v1/charges"], null, Stop),
            r => r.ExitCode == 0 && r.Output == (string)pod["status"]!["podIP"]!,
            "the server outside is called by the waypoint");

        Assert.Equal(0, answer.ExitCode);
    }

    private Task<JsonObject> ConditionAsync(string gateway, string type, string status) => Until.Async(
        () => Lab.Admin.Resource(new GroupKind(Istio, "Gateway")).GetAsync(OrdersFixture.Namespace, gateway, Stop),
        g => (g["status"]?["conditions"] as JsonArray)?.Any(c => (string?)c!["type"] == type && (string?)c["status"] == status) == true,
        $"Gateway {gateway} is {type}={status}", TimeSpan.FromSeconds(90));
}
