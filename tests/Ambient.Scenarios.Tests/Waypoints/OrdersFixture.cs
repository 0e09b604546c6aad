using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>
/// What the field's manifests are about: orders-service in the namespace default, three pods of v1 as they deploy it and three of v2, two
/// clients, and a waypoint that the namespace uses. For all tests of a class.
/// </summary>
public sealed class OrdersFixture(MeshFixture mesh) : IAsyncLifetime
{
    public const string Namespace = "default";

    private const string More = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders-service-v2 }
        spec:
          replicas: 3
          selector: { matchLabels: { app: orders, version: v2 } }
          template:
            metadata: { labels: { app: orders, version: v2 } }
            spec: { containers: [{ name: orders, image: "myregistry/orders-service:v2", ports: [{ containerPort: 8080 }] }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders-service-v1 }
        spec: { selector: { app: orders, version: v1 }, ports: [{ port: 80, targetPort: 8080 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders-service-v2 }
        spec: { selector: { app: orders, version: v2 }, ports: [{ port: 80, targetPort: 8080 }] }
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: payment-service }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: payment, labels: { app: payment } }
        spec: { serviceAccountName: payment-service, nodeName: node-1, terminationGracePeriodSeconds: 1, containers: [{ name: main, image: ambient/shop, command: [sleep, infinity] }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: browser, labels: { app: browser } }
        spec: { nodeName: node-2, terminationGracePeriodSeconds: 1, containers: [{ name: main, image: ambient/shop, command: [sleep, infinity] }] }
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: waypoint }
        spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
        """;

    private static readonly (string Group, string Kind, string Name)[] Made =
    [
        ("gateway.networking.k8s.io", "Gateway", "waypoint"), ("apps", "Deployment", "orders-service"), ("apps", "Deployment", "orders-service-v2"),
        ("", "Service", "orders-service"), ("", "Service", "orders-service-v1"), ("", "Service", "orders-service-v2"),
        ("", "ServiceAccount", "payment-service"), ("", "Pod", "payment"), ("", "Pod", "browser"),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public LabCluster Lab => mesh.Lab;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await LabelAsync("ambient.dev/mesh", "enabled");
        await Lab.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "manifests", "00-orders-deployment.yaml"), Stop), Stop);
        await Lab.ApplyAsync(More, Stop);
        await Lab.WaitReadyAsync(Namespace, "app=orders", 6, Patience, Stop);
        await Lab.WaitReadyAsync(Namespace, "gateway.networking.k8s.io/gateway-name=waypoint", 1, Patience, Stop);
        await Lab.WaitReadyAsync(Namespace, "app=payment", 1, Patience, Stop);
        await Lab.WaitReadyAsync(Namespace, "app=browser", 1, Patience, Stop);
        await LabelAsync("ambient.dev/use-waypoint", "waypoint");
    }

    public async ValueTask DisposeAsync()
    {
        await LabelAsync("ambient.dev/use-waypoint", null);
        foreach (var (group, kind, name) in Made)
        {
            try
            {
                await Lab.Admin.Resource(new GroupKind(group, kind)).DeleteAsync(Namespace, name, null, CancellationToken.None);
            }
            catch (KubeException e) when (e.IsNotFound)
            {
                // It was never made.
            }
        }

        // Whoever comes next makes pods of the same names.
        while ((await Lab.Admin.Resource(new GroupKind("", "Pod")).ListAsync(Namespace, null, CancellationToken.None)).Items.Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }

        await LabelAsync("ambient.dev/mesh", null);
    }

    private async Task LabelAsync(string label, string? value) => await Lab.Admin.Resource(new GroupKind("", "Namespace")).PatchAsync(
        null, Namespace, Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } }), CancellationToken.None);
}
