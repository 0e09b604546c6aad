using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Tests.Support;
using Ambient.Kube.Working;
using Ambient.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Kube.Tests.Working;

public sealed class LeaderElectorTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly Lock _gate = new();
    private ScriptedApi _api = null!;
    private KubeClient _client = null!;
    private JsonObject? _lease;
    private int _version;
    private bool _broken;

    public async ValueTask InitializeAsync()
    {
        _api = await ScriptedApi.StartAsync();
        _client = _api.Client(_time);
        const string Leases = "/apis/coordination.k8s.io/v1/namespaces/sys/leases";
        _api.On($"GET {Leases}/lead", context => Answer(context, () => _lease is null ? (404, null) : (200, _lease)));
        _api.On($"POST {Leases}", context => Answer(context, () => _lease is null ? Store(context) : (409, null)));
        _api.On($"PUT {Leases}/lead", context => Answer(context, () => Version(Body(context)) == Version(_lease) ? Store(context) : (409, null)));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Run_FreeLease_IsTakenRenewedAndReleased()
    {
        await using var a = new Candidate(_client, "a", _time);
        await Eventually.True(() => a.Leads);
        string? first = Spec("renewTime");
        await Eventually.True(() => Spec("renewTime") != first, _time);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", Spec("renewTime"));
        Assert.Equal("0", Spec("leaseTransitions"));
        await a.DisposeAsync();
        Assert.Equal("", Spec("holderIdentity"));
    }

    [Fact]
    public async Task Run_TwoCandidates_TheSecondWaitsUntilTheFirstReleases()
    {
        await using var a = new Candidate(_client, "a", _time);
        await Eventually.True(() => a.Leads);
        await using var b = new Candidate(_client, "b", _time);
        await Eventually.True(() => b.Elector.Leader == "a", _time);
        for (int i = 0; i < 40; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2, TestContext.Current.CancellationToken);
            Assert.False(a.Leads && b.Leads);
        }

        Assert.True(a.Leads);
        await a.DisposeAsync();
        await Eventually.True(() => b.Leads, _time);
        Assert.Equal("b", Spec("holderIdentity"));
        Assert.Equal("1", Spec("leaseTransitions"));
    }

    [Fact]
    public async Task Run_HolderIsDead_IsTakenOnlyAfterItsDurationAsSeenHere()
    {
        // The times written in the lease lie years back, and must not matter.
        _lease = (JsonObject)JsonNode.Parse("""
            {"metadata":{"name":"lead","namespace":"sys","resourceVersion":"1"},
             "spec":{"holderIdentity":"dead","leaseDurationSeconds":15,"renewTime":"2001-01-01T00:00:00.000000Z","leaseTransitions":3}}
            """)!;
        await using var b = new Candidate(_client, "b", _time);
        await Eventually.True(() => b.Elector.Leader == "dead");
        DateTimeOffset seen = _time.GetUtcNow();
        await Eventually.True(() => b.Leads, _time, TimeSpan.FromMilliseconds(100));
        Assert.InRange((_time.GetUtcNow() - seen).TotalSeconds, 14.5, 30);
        Assert.Equal("4", Spec("leaseTransitions"));
    }

    [Fact]
    public async Task Run_ServerAway_StopsLeadingAtTheDeadline()
    {
        await using var a = new Candidate(_client, "a", _time);
        await Eventually.True(() => a.Leads);
        _broken = true;
        await Eventually.True(() => !a.Leads, _time, TimeSpan.FromMilliseconds(250));
        _broken = false;
        await Eventually.True(() => a.Leads, _time);
    }

    private string? Spec(string field)
    {
        lock (_gate)
        {
            return _lease?["spec"]?[field]?.ToString();
        }
    }

    private static JsonObject Body(HttpContext context) => (JsonObject)JsonNode.Parse((string)context.Items["body"]!)!;

    private static string? Version(JsonObject? lease) => (string?)lease?["metadata"]?["resourceVersion"];

    private (int, JsonObject) Store(HttpContext context)
    {
        _lease = Body(context);
        _lease["metadata"]!["resourceVersion"] = $"v{++_version}";
        return (200, _lease);
    }

    private async Task Answer(HttpContext context, Func<(int Status, JsonObject? Body)> answer)
    {
        int status;
        string text;
        lock (_gate)
        {
            (status, JsonObject? body) = _broken ? (500, null) : answer();
            text = body?.ToJsonString() ?? $$"""{"kind":"Status","code":{{status}},"reason":"Scripted","message":"no"}""";
        }

        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
    }

    private sealed class Candidate : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Candidate(KubeClient client, string identity, TimeProvider time)
        {
            Elector = new LeaderElector(new LeaseLock(client, "sys", "lead", identity), new LeaderElectionOptions(), time, NullLogger.Instance);
            _running = Elector.RunAsync(
                async ends =>
                {
                    Leads = true;
                    try
                    {
                        await Task.Delay(Timeout.Infinite, ends);
                    }
                    finally
                    {
                        Leads = false;
                    }
                },
                _stop.Token);
        }

        public LeaderElector Elector { get; }

        public bool Leads { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }
    }
}
