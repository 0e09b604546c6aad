using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>What people see of a waypoint with traffic: by Prometheus, in its log, with ambientctl.</summary>
[Collection(DefaultNamespace.Name)]
public sealed class ObservingTests(MeshFixture mesh, OrdersFixture orders) : OrdersScenario(mesh), IClassFixture<OrdersFixture>
{
    private const string Selector = "gateway.networking.k8s.io/gateway-name=waypoint";
    private const string OfOrders = "reporter=\"waypoint\",destination_service_name=\"orders-service\"";

    private int _sent;
    private int _failed;

    [Fact]
    public async Task Prometheus_ThatScrapesAWaypoint_AnswersTheUsualQueries()
    {
        Assert.NotNull(orders);
        Pod waypoint = await WaypointAsync();
        var prometheus = new PrometheusServer(Lab, await NamespaceAsync("monitoring", enrolled: false));
        await prometheus.StartAsync([$"{waypoint.Status!.PodIp}:15020"], Stop);
        double before = await prometheus.QueryAsync($"sum(istio_requests_total{{{OfOrders}}})") ?? 0;
        double failedBefore = await prometheus.QueryAsync($"sum(istio_requests_total{{{OfOrders},response_code=~\"5..\"}})") ?? 0;
        string bad = (await PodsAsync("v1"))[0];
        await BehaveAsync(bad, "fail=1");
        for (int i = 0; i < 3; i++)
        {
            await CountedAsync(200);
            await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, Stop);
        }

        await AllBehaveAsync("delay=300");
        await CountedAsync(100);

        // What Prometheus has is what the client counted, request by request.
        await Until.Async(() => prometheus.QueryAsync($"sum(istio_requests_total{{{OfOrders}}})"), n => n == before + _sent, $"{before} + {_sent} requests are counted");
        Assert.Equal(failedBefore + _failed, await prometheus.QueryAsync($"sum(istio_requests_total{{{OfOrders},response_code=~\"5..\"}})"));
        Assert.True(_failed > 10, $"{_failed} failed");

        // Request rate by destination, share of 5xx, 99th percentile by buckets.
        Assert.True(await prometheus.QueryAsync($"sum by (destination_service_name) (rate(istio_requests_total{{{OfOrders}}}[1m]))") > 1);
        Assert.InRange(await prometheus.QueryAsync(
            $"sum(rate(istio_requests_total{{{OfOrders},response_code=~\"5..\"}}[1m])) / sum(rate(istio_requests_total{{{OfOrders}}}[1m]))") ?? 0, 0.005, 0.5);
        Assert.InRange(await prometheus.QueryAsync(
            $"histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{{{OfOrders}}}[1m])))") ?? 0, 250, 10_000);
        Assert.Equal(1, await prometheus.QueryAsync(
            $"count(count by (source_principal) (istio_requests_total{{{OfOrders},source_principal=\"spiffe://cluster.local/ns/default/sa/default\",source_workload=\"browser\",connection_security_policy=\"mutual_tls\"}}))"));
        Assert.Equal(before + _sent, await prometheus.QueryAsync($"sum(istio_request_duration_milliseconds_count{{{OfOrders}}})"));

        // Ejections.
        await AllBehaveAsync();
        await BehaveAsync(bad, "fail=1");
        await ApplyFileAsync("05-destinationrule-circuit-breaker.yaml");
        await BecomesAsync("browser", l => l.Status(503) == 0, "the failing pod is out");
        await Until.Async(
            () => prometheus.QueryAsync("sum(envoy_cluster_outlier_detection_ejections_active{cluster_name=\"outbound|80||orders-service.default.svc.cluster.local\"})"),
            n => n == 1, "the ejection is seen");
    }

    [Fact]
    public async Task ProxyConfig_OfAWaypoint_ShowsWhatItHas()
    {
        await ApplyFileAsync("02-destinationrule-subsets.yaml");
        await ApplyFileAsync("01-virtualservice-routing.yaml");
        await BecomesAsync("browser", l => l.Version("v2") < 20, "most go to v1");
        Pod waypoint = await WaypointAsync();

        await ShowsAsync("routes default/waypoint", "orders-service.default.svc.cluster.local", "VirtualService default/", "v1 ×90, default/orders-service:80 v2 ×10");
        await ShowsAsync("clusters default/waypoint", "orders-service.default.svc.cluster.local", "80", "v1", "3/3");
        await ShowsAsync($"endpoints default/{waypoint.Metadata.Name}", "orders-service", ":8080", "ready", "yes");
        await ShowsAsync("listeners default/waypoint", "default/waypoint", "15008");
        await ShowsAsync("services default/waypoint", "orders-service.default.svc.cluster.local");
        await ShowsAsync("certificates default/waypoint", "spiffe://cluster.local/ns/default/sa/waypoint", "Available");
        ExecResult status = await RunAsync("proxy-status");
        Assert.Contains(status.Output.Split('\n'), l => l.StartsWith(waypoint.Metadata.Name, StringComparison.Ordinal) && l.Contains("SYNCED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AccessLog_FilteredByTelemetry_HasOnlyWhatItAsksFor()
    {
        Pod waypoint = await WaypointAsync();
        await ApplyAsync("""
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: { name: only-seen, namespace: default }
            spec: { accessLogging: [{ filter: { expression: "response.code == 200 && request.url_path.startsWith('/seen')" } }] }
            """);
        Afterwards(() => DeleteAsync("telemetry.istio.io", "Telemetry", OrdersFixture.Namespace, "only-seen"));
        await AcceptedAsync("telemetry.istio.io", "Telemetry", "only-seen");

        await Until.Async(
            async () =>
            {
                await LoadAsync("browser", 1, "http://orders-service/seen/by-the-log");
                return Lines("/seen/by-the-log").Length;
            },
            n => n > 0, "the path is logged");
        int others = Lines("/api/orders").Length;
        await LoadAsync("browser", 50);
        await LoadAsync("browser", 1, "http://orders-service/seen/last");
        string last = await Until.Async(() => Task.FromResult(Lines("/seen/last").FirstOrDefault() ?? ""), l => l.Length > 0, "the last is logged");

        Assert.Equal(others, Lines("/api/orders").Length);
        Assert.Matches("\"GET /seen/last HTTP/1.1\" 200 .*outbound\\|80\\|\\|orders-service.default.svc.cluster.local.* caller=spiffe://cluster.local/ns/default/sa/default", last);

        string[] Lines(string path) =>
            [.. Lab.Log(OrdersFixture.Namespace, waypoint.Metadata.Name).Split('\n').Where(l => l.Contains($"GET {path} ", StringComparison.Ordinal) || l.Contains($"GET {path}?", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Trace_OfACaller_ReachesTheReceiverThatTheMeshNames()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        string ns = await NamespaceAsync("tracing", enrolled: false);
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: otlp, namespace: {{ns}} }
            spec:
              nodeName: node-1
              terminationGracePeriodSeconds: 1
              containers:
                - name: main
                  image: ambient/shop
                  command:
                    - node
                    - -e
                    - |
                      require("http").createServer((request, answer) => {
                        const parts = [];
                        request.on("data", part => parts.push(part));
                        request.on("end", () => { console.log(request.url + " " + Buffer.concat(parts).toString("hex")); answer.end(); });
                      }).listen(4318, "0.0.0.0");
            """);
        await Lab.WaitReadyAsync(ns, "", 1, TimeSpan.FromSeconds(60), Stop);
        Pod receiver = (await Lab.Admin.Resource<Pod>().ListAsync(ns, null, Stop)).Items.Single();
        Afterwards(() => DeleteAsync("ambient.dev", "Mesh", "", "default"));
        Afterwards(() => DeleteAsync("telemetry.istio.io", "Telemetry", OrdersFixture.Namespace, "traced"));
        await ApplyAsync($$"""
            apiVersion: ambient.dev/v1alpha1
            kind: Mesh
            metadata: { name: default }
            spec: { tracing: { address: "{{receiver.Status!.PodIp}}:4318", protocol: HTTP } }
            ---
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: { name: traced, namespace: default }
            spec: { tracing: [{ customTags: { team: { literal: { value: team-blue } } } }] }
            """);

        string sent = await Until.Async(
            async () =>
            {
                await LoadAsync("browser", 2, "--header", $"traceparent: 00-{trace}-00f067aa0ba902b7-01");
                return string.Join('\n', Lab.Log(ns, "otlp").Split('\n').Where(l => l.Contains(trace, StringComparison.Ordinal)));
            },
            s => s.Length > 0, "spans of the caller's trace arrive");

        Assert.StartsWith("/v1/traces ", sent, StringComparison.Ordinal);
        foreach (string word in (string[])["GET orders-service.default.svc.cluster.local", "waypoint.default", "source.workload", "browser", "team-blue", "destination.workload"])
        {
            Assert.Contains(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(word)), sent, StringComparison.Ordinal);
        }
    }

    private async Task CountedAsync(int requests)
    {
        ShopLoad load = await LoadAsync("browser", requests, "--concurrency", "8");
        _sent += requests;
        _failed += load.Requests - load.Status(200);
        Assert.Equal(0, load.Unanswered);
    }

    private async Task<Pod> WaypointAsync() =>
        (await Lab.Admin.Resource<Pod>().ListAsync(OrdersFixture.Namespace, new ListOptions { LabelSelector = Selector }, Stop)).Items.Single(static p => p.Metadata.DeletionTimestamp is null);

    private Task<ExecResult> ShowsAsync(string command, params string[] words) => Until.Async(
        () => RunAsync(["proxy-config", .. command.Split(' '), "-o", "wide"]),
        r => r.ExitCode == 0 && r.Output.Split('\n').Any(line => words.All(w => line.Contains(w, StringComparison.Ordinal))),
        $"proxy-config {command} shows {string.Join(", ", words)}");

    private Task<ExecResult> RunAsync(params string[] words) => LabCluster.ExecInNetnsAsync(
        "/proc/self/ns/net", [MeshFixture.Built("Ambient.Cli", "ambientctl"), .. words, "--kubeconfig", Lab.KubeconfigPath]);
}
