using System.Text;
using System.Text.Json.Nodes;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Telemetry.Logging;

namespace Ambient.Waypoint.Tests.Telemetry.Logging;

public sealed class AccessLogTests
{
    [Fact]
    public void Line_OfAnAnsweredRequest_IsIstiosAndOurs() => Assert.Equal(
        "[2030-05-17T09:30:00.123Z] \"GET /orders/7?full=1 HTTP/1.1\" 200 - via_upstream - \"-\" 10 2000 7 6 \"-\" \"curl/8\" \"0f3a\" \"orders:80\" "
        + "\"10.1.0.9:8080\" outbound|80|v2|orders.shop.svc.cluster.local 10.1.0.2:50000 10.96.0.10:80 10.1.0.5:40000 - "
        + "\"VirtualService shop/orders rule canary\" caller=spiffe://cluster.local/ns/web/sa/front",
        Text(Records.Answered()));

    [Fact]
    public void Line_OfADenial_SaysWhoAndWhy() => Assert.Equal(
        "[2030-05-17T09:30:00.123Z] \"GET /orders/7?full=1 HTTP/1.1\" 403 UAEX policy-denied - \"-\" 10 2000 7 - \"-\" \"curl/8\" \"0f3a\" \"orders:80\" "
        + "\"-\" - - 10.96.0.10:80 10.1.0.5:40000 - \"VirtualService shop/orders rule canary\" caller=spiffe://cluster.local/ns/web/sa/front "
        + "policy=\"AuthorizationPolicy shop/only-get rule 1\" reason=policy-denied detail=\"AuthorizationPolicy shop/only-get\"",
        Text(Records.Denied()));

    [Fact]
    public void Line_AfterRetries_SaysHowManyAndWhatFailed()
    {
        RequestRecord record = Records.Answered(503);
        (record.Attempts, record.Reason, record.Detail) = (3, "connect-failure", "connection refused");
        record.Flags = ResponseFlags.UpstreamConnectionFailure | ResponseFlags.UpstreamRetryLimitExceeded;

        string line = Text(record);

        Assert.Contains("503 UF,URX connect-failure - \"connection refused\" ", line, StringComparison.Ordinal);
        Assert.Contains(" retries=2 reason=connect-failure detail=\"connection refused\"", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\r\nb", "a\\x0d\\x0ab")]
    [InlineData("\u001b[31m", "\\x1b[31m")]
    [InlineData("\u009b31m\u0085", "\\x9b31m\\x85")]
    [InlineData("a\u2028b", "a\\x2028b")]
    [InlineData("ä €", "ä €")]
    public void Text_OfPeers_CannotEndTheLineOrItsQuotes(string agent, string written)
    {
        RequestRecord record = Records.Answered();
        record.UserAgent = agent;

        Assert.Contains($" \"{written}\" ", Text(record), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_Endless_IsCut()
    {
        RequestRecord record = Records.Answered();
        record.Path = "/" + new string('a', 100_000);
        record.UserAgent = new string('b', 100_000);

        Assert.InRange(Text(record).Length, 4_000, 5_000);
        Assert.InRange(AccessLogJson.Of(record).Length, 4_000, 6_000);
    }

    [Fact]
    public void Json_OfARequest_HasIstiosKeysAndOurs()
    {
        JsonObject line = JsonNode.Parse(AccessLogJson.Of(Records.Denied()))!.AsObject();

        Assert.Equal(
            [
                "start_time", "route_name", "method", "path", "protocol", "response_code", "response_flags", "response_code_details",
                "connection_termination_details", "bytes_received", "bytes_sent", "duration", "upstream_service_time", "x_forwarded_for", "user_agent",
                "request_id", "authority", "upstream_host", "upstream_cluster", "upstream_local_address", "downstream_local_address",
                "downstream_remote_address", "requested_server_name", "upstream_transport_failure_reason", "caller", "source_workload", "retries", "policy",
                "reason", "detail",
            ],
            line.Select(static p => p.Key));
        Assert.Equal((403, "UAEX", "policy-denied", null), ((int)line["response_code"]!, (string?)line["response_flags"], (string?)line["reason"], line["upstream_host"]));
    }

    [Fact]
    public void Json_WithControls_IsOneLine()
    {
        RequestRecord record = Records.Answered();
        record.UserAgent = "x\r\n{\"evil\":1}\u2028\u0085";

        string line = AccessLogJson.Of(record);

        Assert.DoesNotContain(line, static c => c is < ' ' or '\u2028' or '\u0085');
        Assert.Equal(record.UserAgent, (string?)JsonNode.Parse(line)!["user_agent"]);
    }

    [Fact]
    public async Task Log_WrittenTo_HasALineARequest()
    {
        var output = new StringWriter();
        await using (var log = new AccessLog(output))
        {
            log.Write(Records.Answered(), json: false);
            log.Write(Records.Denied(), json: true);
        }

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("[2030", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("{", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_ThatNobodyReads_LosesLinesAndNothingElse()
    {
        var output = new StuckWriter();
        var log = new AccessLog(output);
        for (int i = 0; i < 10_500; i++)
        {
            log.Write(Records.Answered(), json: false);
        }

        Assert.InRange(log.Lost, 1, 500);
        output.Release();
        await log.DisposeAsync();
    }

    [Fact]
    public async Task Log_WhoseReaderWent_GoesOn()
    {
        var output = new BrokenWriter();
        await using var log = new AccessLog(output);
        log.Write(Records.Answered(), json: false);
        await output.Tried.WaitAsync(TestContext.Current.CancellationToken);
        log.Write(Records.Answered(), json: false);
        await output.Tried.WaitAsync(TestContext.Current.CancellationToken);
    }

    private static string Text(RequestRecord record)
    {
        var text = new StringBuilder();
        AccessLogText.Append(text, record);
        return text.ToString();
    }

    private sealed class StuckWriter : StringWriter
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Release() => _released.TrySetResult();

        public override Task WriteAsync(StringBuilder? value, CancellationToken cancellationToken = default) => _released.Task;
    }

    private sealed class BrokenWriter : StringWriter
    {
        internal SemaphoreSlim Tried { get; } = new(0);

        public override Task WriteAsync(StringBuilder? value, CancellationToken cancellationToken = default)
        {
            Tried.Release();
            throw new IOException("broken pipe");
        }
    }
}
