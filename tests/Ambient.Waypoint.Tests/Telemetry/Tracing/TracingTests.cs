using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Telemetry;
using Ambient.Testing;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Telemetry;
using Ambient.Waypoint.Telemetry.Tracing;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Telemetry.Tracing;

public sealed class TracingTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(20);
    private static readonly WaypointConfig s_config = new() { Gateway = new("shop", "waypoint"), ServiceAccount = "waypoint", PodName = "waypoint-1", NodeName = "n1" };

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(TracingProtocol.Grpc)]
    [InlineData(TracingProtocol.Http)]
    public async Task Request_Sampled_IsSentWithItsAttempts(TracingProtocol protocol)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(protocol);
        await using RequestTelemetry telemetry = Telemetry(receiver, 100, new CustomTag("team", CustomTagSource.Header, "x-team", "none"), new CustomTag("env", CustomTagSource.Literal, "test"));
        RequestRecord record = Records.Answered(503);
        record.Headers = new Records.Headers(("x-team", "blue"));
        telemetry.Started(record, new HeaderDictionary());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        AttemptTrace first = record.Trace!.StartAttempt("10.1.0.9:8080");
        _time.Advance(TimeSpan.FromMilliseconds(2));
        first.End(0, "connection refused");
        AttemptTrace second = record.Trace.StartAttempt("10.1.0.10:8080");
        using var sent = new HttpRequestMessage();
        second.WriteTo(sent);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        second.End(503);
        (record.Attempts, record.Reason) = (2, null);
        telemetry.Finished(record);

        SentSpan[] spans = await receiver.TakeAsync(3, TestContext.Current.CancellationToken);
        SentSpan server = spans.Single(static s => s.Kind == SentSpan.Server);
        SentSpan[] attempts = [.. spans.Where(static s => s.Kind == SentSpan.Client)];

        Assert.Equal(("GET orders.shop.svc.cluster.local", "", SentSpan.Error, TimeSpan.FromMilliseconds(6)), (server.Name, server.Parent, server.Status, server.Duration));
        Assert.Equal(("503", "/orders/7", "blue", "test", "1"), (server.Tags["http.response.status_code"], server.Tags["url.path"], server.Tags["team"], server.Tags["env"], server.Tags["ambient.retries"]));
        Assert.Equal(("front", "web", "orders", "shop"), (server.Tags["source.workload"], server.Tags["source.namespace"], server.Tags["destination.workload"], server.Tags["destination.namespace"]));
        Assert.Equal("VirtualService shop/orders rule canary", server.Tags["ambient.route"]);
        Assert.Equal(("waypoint.shop", "waypoint-1", "n1"), (server.Resource["service.name"], server.Resource["k8s.pod.name"], server.Resource["k8s.node.name"]));
        Assert.All(attempts, a => Assert.Equal((server.Trace, server.Id), (a.Trace, a.Parent)));
        Assert.Equal(["connection refused", ""], attempts.Select(static a => a.Tags.GetValueOrDefault("error.type", "")));
        Assert.Equal([TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3)], attempts.Select(static a => a.Duration));
        Assert.Equal($"00-{server.Trace}-{attempts[1].Id}-01", Assert.Single(sent.Headers.GetValues("traceparent")));
        Assert.DoesNotContain(spans, static s => s.Tags.Values.Any(static v => v.Contains("full=1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData($"traceparent=00-{Trace}-{Span}-01;tracestate=a=1", "traceparent")]
    [InlineData($"b3={Trace}-{Span}-1", "b3,traceparent")]
    [InlineData($"x-b3-traceid={Trace};x-b3-spanid={Span};x-b3-sampled=1;x-b3-parentspanid={Span}", "traceparent,x-b3-sampled,x-b3-spanid,x-b3-traceid")]
    public async Task Trace_OfTheCaller_GoesOn(string came, string goes)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(TracingProtocol.Http);
        await using RequestTelemetry telemetry = Telemetry(receiver, 0);
        RequestRecord record = Records.Answered();
        HeaderDictionary headers = Headers(came);
        telemetry.Started(record, headers);
        AttemptTrace attempt = record.Trace!.StartAttempt("10.1.0.9:8080");
        using HttpRequestMessage sent = Copy(headers);
        attempt.WriteTo(sent);
        attempt.End(200);
        telemetry.Finished(record);

        SentSpan[] spans = await receiver.TakeAsync(2, TestContext.Current.CancellationToken);
        SentSpan server = spans.Single(static s => s.Kind == SentSpan.Server);
        string client = spans.Single(static s => s.Kind == SentSpan.Client).Id;

        Assert.Equal((Trace, Span), (server.Trace, server.Parent));
        Assert.Equal(goes.Split(','), sent.Headers.Select(static h => h.Key).Where(static n => n != "tracestate").Order(StringComparer.Ordinal));
        Assert.Equal($"00-{Trace}-{client}-01", Assert.Single(sent.Headers.GetValues("traceparent")));
        Assert.Equal(came.Contains("tracestate", StringComparison.Ordinal) ? ["a=1"] : [], sent.Headers.TryGetValues("tracestate", out var state) ? state : []);
        Assert.Equal(goes.StartsWith("b3", StringComparison.Ordinal) ? [$"{Trace}-{client}-1"] : [], sent.Headers.TryGetValues("b3", out var b3) ? b3 : []);
        Assert.Equal(goes.Contains("x-b3", StringComparison.Ordinal) ? [client] : [], sent.Headers.TryGetValues("x-b3-spanid", out var id) ? id : []);
        Assert.Equal(Trace, record.Trace.TraceId);
    }

    [Fact]
    public async Task Request_NotSampled_TellsThoseWhoComeAfter()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(TracingProtocol.Http);
        await using (RequestTelemetry telemetry = Telemetry(receiver, 0))
        {
            RequestRecord record = Records.Answered();
            telemetry.Started(record, Headers("tracestate=a=1"));
            using HttpRequestMessage sent = Copy(Headers("tracestate=a=1"));
            AttemptTrace attempt = record.Trace!.StartAttempt("10.1.0.9:8080");
            attempt.WriteTo(sent);
            attempt.End(200);
            telemetry.Finished(record);

            Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-00$", Assert.Single(sent.Headers.GetValues("traceparent")));
            Assert.False(sent.Headers.Contains("tracestate"));
        }

        Assert.True(receiver.IsEmpty);
    }

    [Fact]
    public async Task Request_ThatTheCallerDoesNotSample_IsLeftAlone()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(TracingProtocol.Http);
        await using RequestTelemetry telemetry = Telemetry(receiver, 100);
        RequestRecord record = Records.Answered();
        telemetry.Started(record, Headers($"traceparent=00-{Trace}-{Span}-00"));

        Assert.Null(record.Trace);
    }

    [Fact]
    public async Task Request_ByChance_IsSampledAsOftenAsSaid()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(TracingProtocol.Http);
        await using RequestTelemetry telemetry = Telemetry(receiver, 20);
        int sampled = 0;
        for (int i = 0; i < 5_000; i++)
        {
            RequestRecord record = Records.Answered();
            telemetry.Started(record, new HeaderDictionary());
            sampled += record.Trace!.IsSampled ? 1 : 0;
        }

        Assert.InRange(sampled, 850, 1_150);
    }

    [Fact]
    public async Task Tracing_Off_AllocatesNothing()
    {
        await using var telemetry = new RequestTelemetry(s_config, TextWriter.Null, _time);
        HeaderDictionary headers = Headers($"traceparent=00-{Trace}-{Span}-01");
        RequestRecord record = Records.Answered();
        telemetry.Started(record, headers);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            telemetry.Started(record, headers);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
        Assert.Null(record.Trace);
    }

    [Fact]
    public async Task Receiver_ThatIsNotThere_DoesNoHarm()
    {
        await using var telemetry = new RequestTelemetry(s_config, TextWriter.Null, _time, s_delay);
        telemetry.Follow(State(new MeshTelemetry { SamplingPercentage = 100, Providers = [new TracingProvider("default", $"{Lab.Loopback.Next()}:1", TracingProtocol.Grpc)] }));
        for (int i = 0; i < 5_000; i++)
        {
            RequestRecord record = Records.Answered();
            telemetry.Started(record, new HeaderDictionary());
            telemetry.Finished(record);
        }
    }

    [Fact]
    public async Task Telemetry_OfAService_DecidesForItAlone()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(TracingProtocol.Http);
        await using RequestTelemetry telemetry = new(s_config, TextWriter.Null, _time, s_delay);
        telemetry.Follow(State(
            new MeshTelemetry { Providers = [receiver.Provider] },
            new TelemetryPolicy
            {
                Name = new("shop", "orders"),
                Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, Records.Orders.Key)],
                Tracing = [new TracingRule { SamplingPercentage = 100 }],
            }));
        RequestRecord orders = Records.Answered();
        RequestRecord other = Records.Answered();
        other.Service = null;
        telemetry.Started(orders, new HeaderDictionary());
        telemetry.Started(other, new HeaderDictionary());

        Assert.Equal((true, false), (orders.Trace!.IsSampled, other.Trace!.IsSampled));
    }

    private RequestTelemetry Telemetry(OtlpReceiver receiver, double percentage, params CustomTag[] tags)
    {
        var telemetry = new RequestTelemetry(s_config, TextWriter.Null, _time, s_delay);
        telemetry.Follow(State(
            new MeshTelemetry { Providers = [receiver.Provider], SamplingPercentage = percentage },
            new TelemetryPolicy { Name = new("ambient-system", "all"), Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Mesh)], Tracing = [new TracingRule { CustomTags = [.. tags] }] }));
        return telemetry;
    }

    private static WaypointState State(params Core.Mesh.ProxyResource[] resources) =>
        WaypointState.Empty.Next(MeshSnapshot.Empty.With(new MeshUpdate { Resources = [.. resources] }), "");

    private static HeaderDictionary Headers(string text)
    {
        var headers = new HeaderDictionary();
        foreach (string[] header in text.Split(';').Select(static h => h.Split('=', 2)))
        {
            headers[header[0]] = header[1];
        }

        return headers;
    }

    private static HttpRequestMessage Copy(HeaderDictionary headers)
    {
        var request = new HttpRequestMessage();
        foreach ((string name, var value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value.ToString());
        }

        return request;
    }
}
