using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Telemetry;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Admin;

/// <summary>A waypoint with traffic, asked through its ports.</summary>
public sealed class WhatAWaypointTellsTests : IAsyncDisposable
{
    private static readonly HttpClient s_http = new();

    private readonly TestMesh _mesh = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Metrics_AfterRequests_CountThem()
    {
        (TestWaypoint waypoint, HttpMessageInvoker client, _) = await ShopAsync();
        await AskAsync(client, 3);

        string page = await PageAsync(waypoint, "/stats/prometheus", 3);

        string requests = Assert.Single(page.Split('\n'), static l => l.StartsWith("istio_requests_total{", StringComparison.Ordinal));
        Assert.EndsWith(" 3", requests, StringComparison.Ordinal);
        foreach (string label in (string[])
            ["reporter=\"waypoint\"", "source_workload=\"client\"", "source_principal=\"spiffe://cluster.local/ns/shop/sa/client\"", "destination_workload=\"orders-1\"",
                "destination_principal=\"spiffe://cluster.local/ns/shop/sa/orders-1\"", "destination_service_name=\"orders\"", "response_code=\"200\"", "connection_security_policy=\"mutual_tls\""])
        {
            Assert.Contains(label, requests, StringComparison.Ordinal);
        }

        Assert.Contains("ambient_route_requests_total{route_kind=\"", page, StringComparison.Ordinal);
        Assert.Contains("envoy_cluster_membership_healthy{cluster_name=\"outbound|80||orders.shop.svc.cluster.local\"} 1", page, StringComparison.Ordinal);
        Assert.Contains("envoy_cluster_outlier_detection_ejections_active{cluster_name=\"outbound|80||orders.shop.svc.cluster.local\"} 0", page, StringComparison.Ordinal);
        Assert.Contains("istio_response_bytes_sum", page, StringComparison.Ordinal);
        Assert.Contains("process_resident_memory_bytes ", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_InBothFormats_HaveEachFamilyOnce()
    {
        (TestWaypoint waypoint, HttpMessageInvoker client, _) = await ShopAsync();
        await AskAsync(client, 1);
        foreach (string accept in (string[])["text/plain", "application/openmetrics-text"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{waypoint.Address}:15020/metrics");
            request.Headers.Add("accept", accept);
            using HttpResponseMessage answer = await s_http.SendAsync(request, Ct);
            string[] lines = (await answer.Content.ReadAsStringAsync(Ct)).Split('\n');

            string[] families = [.. lines.Where(static l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static l => l.Split(' ')[2])];
            Assert.Equal(families.Distinct(), families);
            Assert.Equal(accept, answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Connection_PassedOn_IsCountedWithItsBytes()
    {
        MeshService cache = _mesh.Service("cache", AppProtocol.Tcp);
        _mesh.Pod("cache-1", cache).ServeTcp(static async socket =>
        {
            byte[] buffer = new byte[64];
            int n = await socket.ReceiveAsync(buffer);
            await socket.SendAsync(buffer.AsMemory(0, n));
            await socket.SendAsync("!!"u8.ToArray());
        });
        TestPod client = _mesh.Pod("client");
        TestWaypoint waypoint = await _mesh.WaypointAsync();
        await using (Stream stream = await client.ConnectAsync(waypoint, $"{cache.Addresses[0].Address}:80", Ct))
        {
            await stream.WriteAsync("PING"u8.ToArray(), Ct);
            byte[] answer = new byte[6];
            await stream.ReadExactlyAsync(answer, Ct);
            Assert.Equal("PING!!"u8, answer);
        }

        string[] Lines(string page, string metric) => [.. page.Split('\n').Where(l => l.StartsWith(metric + "{", StringComparison.Ordinal))];
        string page = "";
        while (!Lines(page, "istio_tcp_connections_closed_total").Any(static l => l.EndsWith(" 1", StringComparison.Ordinal)))
        {
            page = await s_http.GetStringAsync(new Uri($"http://{waypoint.Address}:15020/metrics"), Ct);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }

        Assert.EndsWith(" 4", Assert.Single(Lines(page, "istio_tcp_received_bytes_total")), StringComparison.Ordinal);
        Assert.EndsWith(" 6", Assert.Single(Lines(page, "istio_tcp_sent_bytes_total")), StringComparison.Ordinal);
        string opened = Assert.Single(Lines(page, "istio_tcp_connections_opened_total"));
        Assert.StartsWith("istio_tcp_connections_opened_total{reporter=\"waypoint\",source_workload=\"client\"", opened, StringComparison.Ordinal);
        Assert.Contains("destination_workload=\"cache-1\"", opened, StringComparison.Ordinal);
        Assert.EndsWith("request_protocol=\"tcp\",response_flags=\"-\",connection_security_policy=\"mutual_tls\"} 1", opened, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AllOfThem_AreInTheDocs()
    {
        (TestWaypoint waypoint, HttpMessageInvoker client, _) = await ShopAsync();
        await AskAsync(client, 1);
        string docs = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "metrics.md"), Ct);

        string page = await PageAsync(waypoint, "/metrics", 1);

        Assert.All(
            page.Split('\n').Where(static l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static l => l.Split(' ')[2]),
            family => Assert.Contains($"`{family}`", docs, StringComparison.Ordinal));

        static string Root()
        {
            string? directory = AppContext.BaseDirectory;
            while (directory is not null && !File.Exists(Path.Combine(directory, "Ambient.sln")))
            {
                directory = Path.GetDirectoryName(directory);
            }

            return directory ?? throw new DirectoryNotFoundException("the repository's root");
        }
    }

    [Fact]
    public async Task AccessLog_OfRequests_HasALineEach()
    {
        (_, HttpMessageInvoker client, _) = await ShopAsync();
        await AskAsync(client, 2);

        string[] lines = await LinesAsync(2);

        Assert.All(lines, static l => Assert.Matches(
            "^\\[20.*Z\\] \"GET /list\\?a=1 HTTP/1.1\" 200 - via_upstream - \"-\" 0 2 [0-9]+ [0-9]+ .*outbound\\|80\\|\\|orders.shop.svc.cluster.local .* caller=spiffe://cluster.local/ns/shop/sa/client$", l));
    }

    [Fact]
    public async Task AccessLog_FilteredByTelemetry_HasOnlyThose()
    {
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                new MeshTelemetry { AccessLogJson = true },
                new TelemetryPolicy
                {
                    Name = new(TestMesh.Namespace, "errors"),
                    Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, TestMesh.Namespace)],
                    AccessLog = [new AccessLogRule { Filter = "response.code >= 400 && request.headers['x-n'] != '3'" }],
                },
            ],
        });
        (_, HttpMessageInvoker client, _) = await ShopAsync(http => http.Response.StatusCode = http.Request.Headers["x-n"] == "1" ? 200 : 418);
        await AskAsync(client, 4, expect: null);

        string[] lines = await LinesAsync(2);

        Assert.All(lines, static l => Assert.Equal(418, (int)JsonNode.Parse(l)!["response_code"]!));
    }

    [Fact]
    public async Task Metrics_DisabledByTelemetryOfTheService_AreNotThere()
    {
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                new TelemetryPolicy
                {
                    Name = new(TestMesh.Namespace, "less"),
                    Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, "shop/orders.shop.svc.cluster.local")],
                    Metrics =
                    [
                        new MetricRule { Metric = "REQUEST_DURATION", Disabled = true },
                        new MetricRule { Tags = ImmutableSortedDictionary<string, TagOverride>.Empty.Add("path", new TagOverride(false, "request.url_path")) },
                    ],
                },
            ],
        });
        (TestWaypoint waypoint, HttpMessageInvoker client, _) = await ShopAsync();
        await AskAsync(client, 1);

        string page = await PageAsync(waypoint, "/metrics", 1);

        Assert.Contains(",path=\"/list\"} 1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("istio_request_duration_milliseconds_bucket{", page, StringComparison.Ordinal);
        Assert.Contains("istio_request_bytes_bucket{", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ejection_OfAnEndpoint_IsCountedAndExplained()
    {
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                new BackendPolicy
                {
                    Service = "shop/orders.shop.svc.cluster.local",
                    Default = new TrafficPolicy { OutlierDetection = new OutlierDetection { Consecutive5xx = 2, MaxEjectionPercent = 100, BaseEjectionTime = TimeSpan.FromMinutes(5) } },
                },
            ],
        });
        (TestWaypoint waypoint, HttpMessageInvoker client, _) = await ShopAsync(static http => http.Response.StatusCode = 500);
        await AskAsync(client, 2, expect: null);

        string page = await PageAsync(waypoint, "/metrics", 2);
        JsonNode dump = JsonNode.Parse(await s_http.GetStringAsync(new Uri($"http://{waypoint.Address}:15000/config_dump"), Ct))!;

        Assert.Contains("envoy_cluster_outlier_detection_ejections_active{cluster_name=\"outbound|80||orders.shop.svc.cluster.local\"} 1", page, StringComparison.Ordinal);
        JsonNode endpoint = Assert.Single(dump["endpoints"]!.AsArray())!;
        Assert.Equal((true, false), ((bool)endpoint["ready"]!, (bool)endpoint["taken"]!));
        Assert.StartsWith("ejected 1 times", (string?)endpoint["why"], StringComparison.Ordinal);
        JsonNode cluster = Assert.Single(dump["clusters"]!.AsArray(), static c => (bool)c!["used"]!)!;
        Assert.Equal((1, 1, 0), ((int)cluster["endpoints"]!, (int)cluster["ejected"]!, (int)cluster["taken"]!));
    }

    [Fact]
    public async Task Dump_OfAWaypoint_HasItsConfigurationAndNoSecret()
    {
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                new GatewayCertificate { Gateway = new("shop", "waypoint"), Secret = new("shop", "tls"), ServiceAccount = new("shop", "waypoint"), Chain = "chain", PrivateKey = "-----BEGIN PRIVATE KEY-----" },
            ],
        });
        (TestWaypoint waypoint, HttpMessageInvoker client, MeshService orders) = await ShopAsync();
        _mesh.Service("idle");
        await AskAsync(client, 1);

        string text = await s_http.GetStringAsync(new Uri($"http://{waypoint.Address}:15000/config_dump"), Ct);
        JsonNode dump = JsonNode.Parse(text)!;

        Assert.Contains(dump["services"]!.AsArray(), s => (string?)s!["hostname"] == orders.Hostname);
        Assert.Equal("chain", (string?)dump["resources"]!["GatewayCertificate"]![0]!["chain"]);
        Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);
        Assert.Contains(dump["certificates"]!.AsArray(), c => (string?)c!["identity"] == waypoint.Identity.ToString() && (string?)c["state"] == "Available");
        Assert.Contains(dump["clusters"]!.AsArray(), c => (string?)c!["name"] == "outbound|80||orders.shop.svc.cluster.local" && (bool)c["used"]!);
        Assert.Equal("shop/waypoint", (string?)dump["config"]!["gateway"]);
    }

    private async Task<(TestWaypoint Waypoint, HttpMessageInvoker Client, MeshService Orders)> ShopAsync(Action<HttpContext>? serve = null)
    {
        MeshService orders = _mesh.Service("orders");
        await _mesh.Pod("orders-1", orders).ServeAsync(http =>
        {
            serve?.Invoke(http);
            return http.Response.WriteAsync("ok");
        });
        TestPod client = _mesh.Pod("client");
        TestWaypoint waypoint = await _mesh.WaypointAsync();
        return (waypoint, client.Client(waypoint, $"{orders.Addresses[0].Address}:80"), orders);
    }

    private static async Task AskAsync(HttpMessageInvoker client, int times, HttpStatusCode? expect = HttpStatusCode.OK)
    {
        for (int i = 1; i <= times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/list?a=1");
            request.Headers.Add("x-n", $"{i}");
            using HttpResponseMessage answer = await client.SendAsync(request, Ct);
            await answer.Content.ReadAsByteArrayAsync(Ct);
            Assert.True(expect is null || expect == answer.StatusCode);
        }
    }

    /// <summary>A request is counted a moment after its caller has the answer.</summary>
    private static async Task<string> PageAsync(TestWaypoint waypoint, string path, int requests)
    {
        while (true)
        {
            string page = await s_http.GetStringAsync(new Uri($"http://{waypoint.Address}:15020{path}"), Ct);
            if (page.Split('\n').Where(static l => l.StartsWith("istio_requests_total{", StringComparison.Ordinal)).Sum(static l => int.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)) >= requests)
            {
                return page;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }
    }

    private async Task<string[]> LinesAsync(int count)
    {
        string[] lines = _mesh.AccessLog;
        for (int i = 0; i < 200 && lines.Length < count; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
            lines = _mesh.AccessLog;
        }

        Assert.Equal(count, lines.Length);
        return lines;
    }
}
