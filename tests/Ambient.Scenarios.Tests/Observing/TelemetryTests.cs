using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Observing;

/// <summary>Names that dashboards and log queries of this kind of mesh expect.</summary>
public sealed class TelemetryTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task Metrics_OfBothReporters_CountConnectionsAndBytesByTheUsualLabels()
    {
        (MeshPod web, MeshPod orders) = await CallAsync();

        foreach ((string node, string reporter) in ((string, string)[])[("node-1", "source"), ("node-2", "destination")])
        {
            string[] labels =
            [
                $"reporter=\"{reporter}\"", "source_workload=\"web\"", $"source_workload_namespace=\"{web.Namespace}\"", $"source_principal=\"{web.Identity}\"",
                "source_canonical_service=\"web\"", "source_cluster=\"Kubernetes\"", "destination_workload=\"orders\"", $"destination_principal=\"{orders.Identity}\"",
                $"destination_service=\"orders.{orders.Namespace}.svc.cluster.local\"", "destination_service_name=\"orders\"",
                "request_protocol=\"tcp\"", "response_flags=\"-\"", "connection_security_policy=\"mutual_tls\"",
            ];
            foreach (string metric in (string[])["istio_tcp_connections_opened_total", "istio_tcp_connections_closed_total"])
            {
                await Until.Async(() => Ztunnels.SumAsync(node, metric, labels), sum => sum == 1, $"{metric} on {node}");
            }

            // What the client sent was received, what the server answered was sent, whoever reports.
            Assert.Equal(5, await Ztunnels.SumAsync(node, "istio_tcp_received_bytes_total", labels));
            Assert.Equal(5, await Ztunnels.SumAsync(node, "istio_tcp_sent_bytes_total", labels));
        }
    }

    [Fact]
    public async Task AccessLog_OfAConnection_HasTheUsualFields()
    {
        (MeshPod web, MeshPod orders) = await CallAsync();

        string[] both = ["src.addr", "src.workload", "src.namespace", "src.identity", "src.cluster", "dst.addr", "dst.service", "dst.workload",
            "dst.namespace", "dst.identity", "dst.cluster", "direction", "bytes_sent", "bytes_recv", "duration", "tls"];
        AccessEntry outbound = await Ztunnels.LoggedAsync(e => e.IsOutbound && e.IsFrom(web), "an outbound line");
        AccessEntry inbound = await Ztunnels.LoggedAsync(e => e.IsInbound && e.IsBetween(web, orders), "an inbound line");

        Assert.Empty(both.Except(outbound.Names));
        Assert.Empty(both.Except(inbound.Names));
        Assert.Equal($"{orders.Address}:15008", outbound["dst.hbone_addr"]);
        Assert.Equal("5", outbound["bytes_sent"]);
        Assert.Contains(" info access connection complete ", inbound.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denial_IsCountedAndLoggedByPolicyAndRule()
    {
        (MeshPod web, MeshPod orders) = await CallAsync();
        await PolicyAsync(web.Namespace, "nobody", "DENY", "orders", $"[{{ from: [{{ source: {{ principals: [nobody] }} }}] }}, {{ from: [{{ source: {{ principals: [{web.Principal}] }} }}] }}]");

        await BecomesAsync(web, orders, 9000, reached: false);

        AccessEntry entry = await DenialAsync(web, orders, "nobody");
        Assert.Equal("1", entry["rule"]);
        Assert.True(await Ztunnels.SumAsync("node-2", "ambient_policy_denials_total", "nobody", "rule=\"1\"", $"destination_workload_namespace=\"{web.Namespace}\"") > 0);
    }

    /// <summary>One connection by the service's address, five bytes there and back.</summary>
    private async Task<(MeshPod Web, MeshPod Orders)> CallAsync()
    {
        string ns = await NamespaceAsync("seen");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        using System.Net.Sockets.Socket socket = await pods[0].ConnectAsync(await ServiceAddressAsync(ns, "orders"), 9000);
        await socket.EchoedAsync("hello");
        socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await socket.HearEndAsync();
        return (pods[0], pods[1]);
    }
}
