using System.Net;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <content>Out through a gateway of the mesh, as Istio's users write it.</content>
public sealed partial class OutboundTests
{
    [Fact]
    public async Task EgressGateway_OfAVirtualServiceForMeshAndGateway_IsTheOnlyOneThatCallsOut()
    {
        await using OutsideServer server = await OutsideServer.StartAsync(Lab, "partner.example", 8447);
        string ns = await NamespaceAsync("egress", enrolled: false);
        await ApplyAsync(Secret(ns, "partner-authority", ("ca.crt", server.AuthorityPem)));
        await ApplyAsync($$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: egress, namespace: {{ns}}, annotations: { ambient.dev/service-type: ClusterIP } }
            spec:
              gatewayClassName: ambient
              infrastructure: { labels: { istio: egressgateway } }
              listeners: [{ name: http, port: 80, protocol: HTTP, hostname: nothing.example }]
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: { name: partner, namespace: default }
            spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [partner.example] }] }
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: partner, namespace: default }
            spec:
              hosts: [partner.example]
              gateways: [mesh, partner]
              http:
                - match: [{ gateways: [mesh], port: 80 }]
                  route: [{ destination: { host: egress.{{ns}}.svc.cluster.local, port: { number: 80 } } }]
                - match: [{ gateways: [partner], port: 80 }]
                  route: [{ destination: { host: partner.example, port: { number: 80 } } }]
            """);
        Afterwards(() => DeleteAsync(Istio, "Gateway", OrdersFixture.Namespace, "partner"));
        Afterwards(() => DeleteAsync(Istio, "VirtualService", OrdersFixture.Namespace, "partner"));
        await EntryAsync("partner", "hosts: [partner.example], resolution: STATIC, endpoints: [{ address: 172.30.0.1 }], ports: [{ number: 80, targetPort: 8447, name: http, protocol: HTTP }]");
        await RuleAsync("partner", "partner.example", "{ mode: SIMPLE, credentialName: partner-authority }");
        await Lab.WaitReadyAsync(ns, "gateway.networking.k8s.io/gateway-name=egress", 1, TimeSpan.FromSeconds(120), Stop);
        var pods = await Lab.Admin.Resource(new GroupKind("", "Pod")).ListAsync(ns, new ListOptions { LabelSelector = "gateway.networking.k8s.io/gateway-name=egress" }, Stop);
        var gateway = IPAddress.Parse((string)pods.Items[0]["status"]!["podIP"]!);

        await BecomesAsync("browser", l => l.Status(200) == 60, "the partner answers", "http://partner.example/");
        string head = await HeadAsync("browser", "http://partner.example/");
        Assert.Contains("x-server-name: partner.example", head, StringComparison.Ordinal);
        Assert.EndsWith(gateway.ToString(), head, StringComparison.Ordinal);
        int served = server.Served;
        ShopLoad load = await LoadAsync("browser", 100, "http://partner.example/");
        Assert.Equal((100, served + 100, 0), (load.Status(200), server.Served, server.Clear));

        // Who may leave is said at the gateway, about the waypoint that sends to it.
        await ApplyAsync($$"""
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: only-get, namespace: {{ns}} }
            spec:
              targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: egress }]
              rules: [{ from: [{ source: { principals: [cluster.local/ns/default/sa/waypoint] } }], to: [{ operation: { methods: [GET] } }] }]
            """);
        await BecomesAsync("browser", l => l.Status(403) == 60, "the gateway's policy is in force", "http://partner.example/", "--method", "POST");
        Assert.Equal(50, (await LoadAsync("browser", 50, "http://partner.example/")).Status(200));
    }
}
