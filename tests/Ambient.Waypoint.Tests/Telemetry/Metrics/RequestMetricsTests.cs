using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Telemetry;
using Ambient.Core.Workloads;
using Ambient.Policy.Telemetry;
using Ambient.Proxy.Telemetry;
using Ambient.Testing;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Telemetry;
using Ambient.Waypoint.Telemetry.Metrics;

namespace Ambient.Waypoint.Tests.Telemetry.Metrics;

public sealed class RequestMetricsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Request_Counted_HasIstiosLabelsExactly()
    {
        var metrics = new RequestMetrics(_time);
        Count(metrics, Records.Answered());

        Assert.Equal(
            "istio_requests_total{reporter=\"waypoint\",source_workload=\"front\",source_canonical_service=\"front\",source_canonical_revision=\"v1\","
            + "source_workload_namespace=\"web\",source_principal=\"spiffe://cluster.local/ns/web/sa/front\",source_app=\"front\",source_version=\"v1\","
            + "source_cluster=\"Kubernetes\",destination_workload=\"orders\",destination_workload_namespace=\"shop\","
            + "destination_principal=\"spiffe://cluster.local/ns/shop/sa/orders\",destination_app=\"orders\",destination_version=\"v1\","
            + "destination_service=\"orders.shop.svc.cluster.local\",destination_canonical_service=\"orders\",destination_canonical_revision=\"v1\","
            + "destination_service_name=\"orders\",destination_service_namespace=\"shop\",destination_cluster=\"Kubernetes\",request_protocol=\"http\","
            + "response_code=\"200\",grpc_response_status=\"\",response_flags=\"-\",connection_security_policy=\"mutual_tls\"} 1",
            Assert.Single(Samples(metrics, "istio_requests_total{")));
    }

    [Fact]
    public void Request_Counted_IsInEveryHistogram()
    {
        var metrics = new RequestMetrics(_time);
        Count(metrics, Records.Answered());

        Assert.Equal(["0", "0", "0", "1", "1"], Buckets(metrics, "istio_request_duration_milliseconds", 5));
        Assert.Equal(["0", "0", "0", "1"], Buckets(metrics, "istio_request_bytes", 4));
        Assert.EndsWith(" 7.5", Assert.Single(Samples(metrics, "istio_request_duration_milliseconds_sum")), StringComparison.Ordinal);
        Assert.EndsWith(" 2000", Assert.Single(Samples(metrics, "istio_response_bytes_sum")), StringComparison.Ordinal);
        Assert.Contains("le=\"3600000\"", Samples(metrics, "istio_response_bytes_bucket")[^2], StringComparison.Ordinal);
        Assert.Contains("le=\"+Inf\"", Samples(metrics, "istio_response_bytes_bucket")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_OfOneDeployment_AreOneSeries()
    {
        var metrics = new RequestMetrics(_time);
        for (int i = 0; i < 5; i++)
        {
            RequestRecord record = Records.Answered();
            record.CallerWorkload = Records.Pod("web", "front", $"web-{i}");
            record.Endpoint = Records.Pod("shop", "orders", $"orders-{i}");
            Count(metrics, record);
        }

        Assert.EndsWith(" 5", Assert.Single(Samples(metrics, "istio_requests_total{")), StringComparison.Ordinal);
    }

    [Fact]
    public void Caller_OfAnotherIdentityThanItsAddress_IsNamedByItsIdentity()
    {
        var metrics = new RequestMetrics(_time);
        RequestRecord record = Records.Answered();
        record.Caller = new Core.Identity.PeerIdentity.Verified(new("cluster.local", "x", "y"));
        Count(metrics, Records.Answered());
        Count(metrics, record);

        Assert.Contains(Samples(metrics, "istio_requests_total{"), s => s.Contains("source_principal=\"spiffe://cluster.local/ns/x/sa/y\"", StringComparison.Ordinal));
        Assert.Equal(2, Samples(metrics, "istio_requests_total{").Length);
    }

    [Fact]
    public void Request_WithoutParties_IsUnknown()
    {
        var metrics = new RequestMetrics(_time);
        Count(metrics, new RequestRecord { Status = 404, Flags = ResponseFlags.NoRoute });

        string sample = Assert.Single(Samples(metrics, "istio_requests_total{"));
        Assert.Contains("source_workload=\"unknown\"", sample, StringComparison.Ordinal);
        Assert.Contains("destination_service=\"unknown\"", sample, StringComparison.Ordinal);
        Assert.Contains("response_flags=\"NR\",connection_security_policy=\"none\"", sample, StringComparison.Ordinal);
    }

    [Fact]
    public void Gateway_Reports_AsSource()
    {
        var metrics = new RequestMetrics(_time);
        RequestRecord record = Records.Answered();
        record.IsGateway = true;
        Count(metrics, record);

        Assert.Contains("reporter=\"source\"", Assert.Single(Samples(metrics, "istio_requests_total{")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(14, "14")]
    [InlineData(99, "2")]
    [InlineData(-7, "2")]
    public void Grpc_Counted_HasStatusAndMessages(int status, string label)
    {
        var metrics = new RequestMetrics(_time);
        RequestRecord record = Records.Answered();
        (record.IsGrpc, record.GrpcStatus, record.RequestMessages, record.ResponseMessages) = (true, status, 3, 4);
        Count(metrics, record);

        Assert.Contains($"request_protocol=\"grpc\",response_code=\"200\",grpc_response_status=\"{label}\"", Assert.Single(Samples(metrics, "istio_requests_total{")), StringComparison.Ordinal);
        Assert.EndsWith(" 3", Assert.Single(Samples(metrics, "istio_request_messages_total{")), StringComparison.Ordinal);
        Assert.EndsWith(" 4", Assert.Single(Samples(metrics, "istio_response_messages_total{")), StringComparison.Ordinal);
    }

    [Fact]
    public void Http_Counted_HasNoMessages()
    {
        var metrics = new RequestMetrics(_time);
        Count(metrics, Records.Answered());

        Assert.Empty(Samples(metrics, "istio_request_messages_total{"));
    }

    [Fact]
    public void Series_TooMany_CountInOne()
    {
        var metrics = new RequestMetrics(_time, maxSeries: 2);
        for (int status = 200; status < 210; status++)
        {
            Count(metrics, Records.Answered(status));
        }

        Assert.Equal(3, Samples(metrics, "istio_requests_total{").Length);
        Assert.Contains("istio_requests_total{reporter=\"overflow\"} 8", Samples(metrics, "istio_requests_total{"));
    }

    [Fact]
    public void Series_TooManyAndSilentForLong_AreForgotten()
    {
        var metrics = new RequestMetrics(_time, maxSeries: 2);
        Count(metrics, Records.Answered(200));
        Count(metrics, Records.Answered(201));
        _time.Advance(TimeSpan.FromMinutes(9));
        Count(metrics, Records.Answered(200));
        _time.Advance(TimeSpan.FromMinutes(2));
        Count(metrics, Records.Answered(404));

        string[] samples = Samples(metrics, "istio_requests_total{");
        Assert.Equal(2, samples.Length);
        Assert.Contains(samples, s => s.Contains("\"200\"", StringComparison.Ordinal) && s.EndsWith(" 2", StringComparison.Ordinal));
        Assert.Contains(samples, s => s.Contains("\"404\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_ChangedByTelemetry_AreAddedRemovedAndBounded()
    {
        var metrics = new RequestMetrics(_time);
        LabelPlan plan = Plan(
            new MetricRule { Tags = Tags(("source_principal", new TagOverride(true)), ("team", new TagOverride(false, "request.headers['x-team']")), ("source_app", new TagOverride(false, "'all'"))) },
            new MetricRule { Metric = "REQUEST_SIZE", Disabled = true });
        for (int i = 0; i < 600; i++)
        {
            RequestRecord record = Records.Answered();
            record.Headers = new Records.Headers(("x-team", $"a\"\n{i}"));
            metrics.Started();
            metrics.Finished(record, plan, plan.ValuesOf(new RecordFacts(record)));
        }

        string[] samples = Samples(metrics, "istio_requests_total{");
        Assert.Equal(501, samples.Length);
        Assert.All(samples, s => Assert.DoesNotContain("source_principal", s, StringComparison.Ordinal));
        Assert.All(samples, s => Assert.Contains("source_app=\"all\"", s, StringComparison.Ordinal));
        Assert.Contains(samples, s => s.Contains("team=\"a\\\"\\n7\"", StringComparison.Ordinal));
        Assert.Contains(samples, s => s.Contains("team=\"other\"", StringComparison.Ordinal) && s.EndsWith(" 100", StringComparison.Ordinal));
        Assert.Empty(Samples(metrics, "istio_request_bytes"));
    }

    [Fact]
    public void Labels_RemovedThatToldApart_AddUp()
    {
        var metrics = new RequestMetrics(_time);
        LabelPlan plan = Plan(new MetricRule { Metric = "REQUEST_COUNT", Tags = Tags(("response_code", new TagOverride(true))) });
        foreach (int status in (int[])[200, 201, 202])
        {
            metrics.Started();
            metrics.Finished(Records.Answered(status), plan, null);
        }

        Assert.EndsWith(" 3", Assert.Single(Samples(metrics, "istio_requests_total{")), StringComparison.Ordinal);
        Assert.Equal(3, Samples(metrics, "istio_request_bytes_count").Length);
    }

    [Fact]
    public void Route_Counted_ByItsRule()
    {
        var metrics = new RequestMetrics(_time);
        RequestRecord record = Records.Answered(503);
        (record.Attempts, record.RetryBudgetSpent, record.Mirrors) = (3, true, 1);
        record.Flags = ResponseFlags.RateLimited | ResponseFlags.DelayInjected | ResponseFlags.FaultInjected;
        Count(metrics, record);
        Count(metrics, Records.Answered());

        const string labels = "{route_kind=\"VirtualService\",route_namespace=\"shop\",route_name=\"orders\",route_rule=\"canary\",destination_service=\"orders.shop.svc.cluster.local\"";
        Assert.Equal(
            [$"ambient_route_requests_total{labels},response_code_class=\"2xx\"}} 1", $"ambient_route_requests_total{labels},response_code_class=\"5xx\"}} 1"],
            Samples(metrics, "ambient_route_requests_total{"));
        Assert.Equal($"ambient_route_retries_total{labels}}} 2", Assert.Single(Samples(metrics, "ambient_route_retries_total{")));
        foreach (string one in (string[])["retry_budget_spent", "mirrored_requests", "fault_delays", "fault_aborts", "rate_limited"])
        {
            Assert.Equal($"ambient_route_{one}_total{labels}}} 1", Assert.Single(Samples(metrics, $"ambient_route_{one}_total{{")));
        }
    }

    [Fact]
    public void Denial_Counted_ByPolicyAndRule()
    {
        var metrics = new RequestMetrics(_time);
        Count(metrics, Records.Denied());

        Assert.Equal("ambient_own_answers_total{reason=\"policy-denied\",response_code=\"403\"} 1", Assert.Single(Samples(metrics, "ambient_own_answers_total{")));
        Assert.Equal(
            "ambient_policy_denials_total{policy=\"shop/only-get\",policy_kind=\"AuthorizationPolicy\",rule=\"1\",kind=\"deny\",destination_service=\"orders.shop.svc.cluster.local\"} 1",
            Assert.Single(Samples(metrics, "ambient_policy_denials_total{")));
    }

    [Fact]
    public void Request_OfAKnownSeries_AllocatesNothing()
    {
        var metrics = new RequestMetrics(_time);
        RequestRecord record = Records.Answered();
        Count(metrics, record);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Count(metrics, record);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [Fact]
    public void Active_WhileUnderWay_IsCounted()
    {
        var metrics = new RequestMetrics(_time);
        metrics.Started();
        metrics.Started();
        metrics.Finished(Records.Answered(), null, null);

        Assert.Equal("ambient_requests_active 1", Assert.Single(Samples(metrics, "ambient_requests_active ")));
    }

    private static void Count(RequestMetrics metrics, RequestRecord record)
    {
        metrics.Started();
        metrics.Finished(record, null, null);
    }

    private static LabelPlan Plan(params ImmutableArray<MetricRule> rules) => LabelPlan.Of(TelemetryMerge.Of(
        [new TelemetryPolicy { Name = new("ambient-system", "all"), Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Mesh)], Metrics = rules }],
        MeshTelemetry.Default, new TelemetrySubject { Proxy = new("shop", "waypoint"), ProxyLabels = Workload.NoLabels }))!;

    private static ImmutableSortedDictionary<string, TagOverride> Tags(params (string Name, TagOverride Tag)[] tags) =>
        tags.ToImmutableSortedDictionary(static t => t.Name, static t => t.Tag, StringComparer.Ordinal);

    private static string[] Samples(RequestMetrics metrics, string start)
    {
        var text = new PrometheusText();
        metrics.Render(text);
        return [.. text.ToString().Split('\n').Where(l => l.StartsWith(start, StringComparison.Ordinal))];
    }

    private static string[] Buckets(RequestMetrics metrics, string name, int count) =>
        [.. Samples(metrics, name + "_bucket").Take(count).Select(static s => s[(s.LastIndexOf(' ') + 1)..])];
}
