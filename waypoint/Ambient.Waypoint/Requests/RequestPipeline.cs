using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests.Answering;
using Ambient.Waypoint.Requests.Arriving;
using Ambient.Waypoint.Requests.Authorizing;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Requests.Limiting;
using Ambient.Waypoint.Requests.Mirroring;
using Ambient.Waypoint.Requests.Routing;
using Ambient.Waypoint.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ambient.Waypoint.Requests;

/// <summary>What each request meets, in order. Every step either lets it pass or gives the answer.</summary>
internal sealed class RequestPipeline
{
    private readonly PipelineParts _parts;
    private readonly RequestTelemetry _telemetry;
    private readonly Arrival _arrival;
    private readonly BackendStep _backend;
    private readonly AuthorizeStep _authorize;
    private readonly LimitStep _limit;
    private readonly FaultStep _fault;
    private readonly ForwardStep _forward;
    private volatile Tuple<WaypointState, PolicySets>? _policies; // one reference: two could be of different states

    public RequestPipeline(PipelineParts parts)
    {
        _parts = parts;
        _telemetry = parts.Telemetry;
        _arrival = new Arrival(parts.Identity, parts.Time);
        _backend = new BackendStep(parts.Clusters, parts.Random);
        _authorize = new AuthorizeStep(parts.Tokens, parts.Providers, parts.Gateway.Namespace);
        _limit = new LimitStep(new RateLimiters(parts.Time, parts.Random), parts.SharedLimits);
        _fault = new FaultStep(parts.Time, parts.Random);
        Mirrors = new Mirrors(parts.Clusters, parts.Forward);
        _forward = new ForwardStep(parts.Forward, Mirrors);
    }

    public Mirrors Mirrors { get; }

    public Task HandleAsync(HttpContext http) => RunAsync(http);

    /// <summary>The record is as telemetry got it.</summary>
    internal async Task<RequestRecord> RunAsync(HttpContext http)
    {
        RequestRecord record = new();
        Exchange x = new(http, ConnectionOf(http), _parts.State(), record);
        Begin(x);
        try
        {
            OwnReply? reply = _arrival.Take(x) ?? RouteStep.Find(x) ?? Choose(x);
            reply ??= await _authorize.DecideAsync(x);
            reply ??= await _limit.TakeAsync(x);
            reply ??= ActionStep.Cors(x);
            reply ??= FaultStep.Injects(x) ? await _fault.InjectAsync(x) : null;
            reply ??= ActionStep.Answer(x);
            if (reply is null)
            {
                await _forward.SendAsync(x);
            }
            else
            {
                Release(x);
                await OwnAnswer.WriteAsync(x, reply);
            }
        }
        catch (Exception e)
        {
            await FailAsync(x, e);
        }
        finally
        {
            End(x);
        }

        return record;
    }

    private OwnReply? Choose(Exchange x)
    {
        x.Policies = PoliciesOf(x.State);
        OwnReply? reply = _backend.Choose(x);
        x.Clock.SetRoute(x.Rule.Timeout);
        if (x.Http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            x.Body = new RequestBody(x.Http.Request, x.Record, x.Clock, Keep(x));
        }

        return reply;
    }

    private static int Keep(Exchange x) => !x.Rule.Mirrors.IsEmpty ? Mirrors.MaxBody
        : x.Retry.Attempts <= 0 ? 0
        : RequestBody.MaxKept;

    // An endpoint that was chosen and will not be asked: whoever tries one that is coming back is somebody else.
    private static void Release(Exchange x)
    {
        if (x.Endpoint is { } endpoint)
        {
            x.ClusterState?.Outliers?.Forget(endpoint.Id);
        }
    }

    private PolicySets PoliciesOf(WaypointState state)
    {
        Tuple<WaypointState, PolicySets>? known = _policies;
        if (known is not null && ReferenceEquals(known.Item1, state))
        {
            return known.Item2;
        }

        PolicySets sets = PolicySets.Of(state.Snapshot, _parts.Gateway, known?.Item2);
        _policies = Tuple.Create(state, sets);
        return sets;
    }

    private static RequestConnection ConnectionOf(HttpContext http) =>
        http.Features.Get<RequestConnection>() ?? throw new InvalidOperationException("the connection does not say whose it is");

    private void Begin(Exchange x)
    {
        RequestRecord record = x.Record;
        RequestConnection connection = x.Connection;
        record.Caller = connection.Caller;
        record.CallerWorkload = connection.CallerWorkload;
        record.Source = connection.Source;
        record.Local = connection.Destination;
        record.ServerName = connection.ServerName;
        record.IsGateway = x.IsGateway;
        record.Service = connection.Service;
        record.Headers = x;
        _telemetry.Started(record, x.Headers);
    }

    private async ValueTask FailAsync(Exchange x, Exception e)
    {
        if (x.Http.RequestAborted.IsCancellationRequested)
        {
            Release(x);
            Endings.CallerLeft(x);
            return;
        }

        PipelineLog.Fault(_parts.Log, x.Record.Method, x.Record.Authority, x.Record.Path, e);
        try
        {
            await OwnAnswer.WriteAsync(x, new OwnReply(500, ReasonCodes.Internal, "a fault of the proxy", ResponseFlags.LocalReset));
        }
        catch (Exception again) when (again is IOException or InvalidOperationException or OperationCanceledException)
        {
            x.Http.Abort();
        }
    }

    private void End(Exchange x)
    {
        RequestRecord record = x.Record;
        if (x.CallerLeft)
        {
            Endings.CallerLeft(x);
        }
        else if (record.Status == 0)
        {
            record.Status = x.Http.Response.StatusCode;
        }

        x.Clock?.Dispose();
        _telemetry.Finished(record);
    }
}
