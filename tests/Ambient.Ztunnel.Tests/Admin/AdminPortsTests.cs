using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Admin;

/// <summary>The ports for people, scrapers and probes, asked as they ask.</summary>
public sealed partial class AdminPortsTests(PodNetwork network)
{
    private static readonly HttpClient s_http = new();

    [Fact]
    public async Task Metrics_have_the_names_and_labels_that_dashboards_know()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client"), server = await mesh.PodAsync(node, "server");
        using TcpEndpoint app = server.Listen(8080);
        using Socket from = await client.ConnectAsync(server.Address, 8080);
        await from.SayAsync("hello");
        using Socket to = await app.AcceptAsync();
        await to.HearAsync("hello");

        string text = await s_http.GetStringAsync(MetricsOf(node, "127.0.0.1"), TestContext.Current.CancellationToken);

        foreach (string name in (string[])[
            "istio_tcp_connections_opened_total", "istio_tcp_connections_closed_total", "istio_tcp_sent_bytes_total",
            "istio_tcp_received_bytes_total", "istio_tcp_connections_failed_total", "istio_tcp_sockets_open", "istio_dns_requests_total",
            "istio_dns_upstream_requests_total", "istio_dns_upstream_failures_total", "istio_dns_upstream_request_duration_seconds",
            "workload_manager_active_proxy_count", "workload_manager_pending_proxy_count", "workload_manager_proxies_started_total",
            "workload_manager_proxies_stopped_total", "istio_build", "process_open_fds", "process_max_fds"])
        {
            Assert.Contains($"# TYPE {name} ", text);
        }

        string opened = text.Split('\n').First(l => l.StartsWith("istio_tcp_connections_opened_total{reporter=\"source\"", StringComparison.Ordinal));
        Assert.Equal(
            [
                "reporter", "source_workload", "source_canonical_service", "source_canonical_revision", "source_workload_namespace", "source_principal",
                "source_app", "source_version", "source_cluster", "source_region", "source_zone", "destination_service", "destination_service_namespace",
                "destination_service_name", "destination_workload", "destination_canonical_service", "destination_canonical_revision",
                "destination_workload_namespace", "destination_principal", "destination_app", "destination_version", "destination_cluster",
                "destination_region", "destination_zone", "request_protocol", "response_flags", "connection_security_policy",
            ],
            LabelName().Matches(opened).Select(m => m.Groups[1].Value));
        Assert.Contains("istio_tcp_received_bytes_total{reporter=\"destination\",source_workload=\"client\"", text);
        Assert.Contains("workload_manager_active_proxy_count 2\n", text);
        Assert.Matches("istio_build\\{component=\"ztunnel\",tag=\".+\"\\} 1\n", text);
        Assert.Matches("process_open_fds [1-9][0-9]*\n", text);
        double end = double.Parse(ClientsEnd().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(end - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), 3600, 25 * 3600);
        Assert.Contains("ambient_certificate_fetch_failures_total 0\n", text);
    }

    [Fact]
    public async Task Scraper_that_asks_for_open_metrics_gets_them_compressed_over_either_family()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        foreach (string host in (string[])["127.0.0.1", "[::1]"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, MetricsOf(node, host));
            request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3");
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            using HttpResponseMessage reply = await s_http.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal("application/openmetrics-text", reply.Content.Headers.ContentType!.MediaType);
            Assert.Equal(["gzip"], reply.Content.Headers.ContentEncoding);
            using var gzip = new GZipStream(await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
            using var reader = new StreamReader(gzip, Encoding.UTF8);
            string text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.EndsWith("# EOF\n", text);
            Assert.Contains("# TYPE workload_manager_proxies_started counter\n", text);
            Assert.Contains("\nworkload_manager_proxies_started_total 0\n", text);
        }
    }

    [Fact]
    public async Task Log_level_changes_while_running()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        string logging = $"http://[::1]:{node.Parts.Context.Config.AdminPort}/logging";

        Assert.Equal("current log level is Debug\n", await s_http.GetStringAsync(logging, TestContext.Current.CancellationToken));
        Assert.Equal("current log level is Error\n", await PostAsync(logging + "?level=error", HttpStatusCode.OK));
        int before = mesh.Log.Length;
        Pod pod = await mesh.PodAsync(node, "quiet");
        Assert.Equal(before, mesh.Log.Length);
        Assert.Equal("'loud' is no level: trace, debug, information, warning, error\n", await PostAsync(logging + "?level=loud", HttpStatusCode.BadRequest));
        Assert.Equal("'3' is no level: trace, debug, information, warning, error\n", await PostAsync(logging + "?level=3", HttpStatusCode.BadRequest));
        Assert.Equal("current log level is Information\n", await PostAsync(logging + "?level=information", HttpStatusCode.OK));
        await mesh.PodAsync(node, "heard");
        await mesh.UntilAsync(() => mesh.Log[before..].Contains("is captured", StringComparison.Ordinal), "the log speaks again");
        Assert.DoesNotContain(pod.Name, mesh.Log[before..]);
    }

    [Theory]
    [InlineData("GET /metrics\r\n\r\n", "400")]
    [InlineData("GET metrics HTTP/1.1\r\n\r\n", "400")]
    [InlineData("\r\n\r\n", "400")]
    [InlineData("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", "404")]
    public async Task Request_that_makes_no_sense_is_answered_so(string request, string status)
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, node.Parts.Context.Config.MetricsPort, TestContext.Current.CancellationToken);

        await socket.SayAsync(request);

        await socket.HearAsync($"HTTP/1.1 {status} ");
    }

    private static string MetricsOf(ZtunnelNode node, string host) => $"http://{host}:{node.Parts.Context.Config.MetricsPort}/metrics";

    private static async Task<string> PostAsync(string url, HttpStatusCode expected)
    {
        using HttpResponseMessage reply = await s_http.PostAsync(url, null, TestContext.Current.CancellationToken);
        Assert.Equal(expected, reply.StatusCode);
        return await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("expiration_timestamp_seconds\\{principal=\"spiffe://cluster.local/ns/shop/sa/client\"\\} (\\S+)")]
    private static partial Regex ClientsEnd();

    [GeneratedRegex("([a-z_]+)=\"")]
    private static partial Regex LabelName();
}
