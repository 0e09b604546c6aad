using System.Net;
using System.Net.Http.Headers;
using Ambient.Core.Routes;
using Ambient.Routing.Balancers;
using Ambient.Routing.Resilience;
using Ambient.Waypoint.Requests.Answering;
using Ambient.Waypoint.Requests.Authorizing;
using Ambient.Waypoint.Telemetry.Tracing;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>
/// Sends one request to endpoints of its cluster until one answers well enough or no further attempt is due. The last answer is given back, or one
/// that stands for <see cref="Exchange.Reply"/>. What it has taken of budgets, limits and endpoints it gives back in <see cref="End"/>.
/// </summary>
internal sealed class Attempts : HttpMessageInvoker
{
    private static readonly UnusedHandler s_unused = new();

    private readonly Exchange _x;
    private readonly ForwardParts _parts;
    private readonly Cluster _cluster;
    private readonly ClusterState _state;
    private readonly RetryPolicy _policy;
    private readonly RetryBudgetMeter _budget;
    private List<BalancedEndpoint>? _tried;
    private ClusterEndpoint? _endpoint;
    private AttemptTrace? _trace;
    private AttemptTime? _attemptTime;
    private AttemptResult? _unreported;
    private bool _entered;
    private bool _retrying;

    public Attempts(Exchange x, ForwardParts parts)
        : base(s_unused, disposeHandler: false)
    {
        _x = x;
        _parts = parts;
        _cluster = x.Cluster!;
        _state = x.ClusterState!;
        _policy = x.Retry;
        _budget = _cluster.MeterOf(_state, _policy.Budget);
        _budget.RequestStarted();
    }

    public override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Content = _x.Content;
        try
        {
            bool http2 = request.Version.Major >= 2;
            if (await _cluster.Gate.EnterAsync(_state.Policy.ConnectionPool, http2, cancellationToken) is { } full)
            {
                _state.Outliers?.Forget(_x.Endpoint!.Id);
                return Own(new OwnReply(503, ReasonCodes.Overflow, full, ResponseFlags.UpstreamOverflow)
                {
                    Headers = [new HeaderValue("x-envoy-overloaded", "true")],
                });
            }

            _entered = true;
            return await SendAsync(request, http2, cancellationToken);
        }
        catch (OperationCanceledException) when (_x.Clock.IsOver && !_x.Http.RequestAborted.IsCancellationRequested)
        {
            return Own(FailureReply.Late(_x));
        }
    }

    private async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool http2, CancellationToken cancellation)
    {
        ClusterEndpoint endpoint = _x.Endpoint!;
        while (true)
        {
            (HttpResponseMessage? response, AttemptResult result, Exception? error) = await TryAsync(request, endpoint, http2, cancellation);
            AttemptResult judged = ResponseClasses.Judge(_x.Rule, result);
            if (!MayRetry(response, judged) || !IsDue(judged) || Next() is not { } next)
            {
                return response ?? Own(FailureReply.Of(_x, result, error!));
            }

            response?.Dispose();
            LeaveEndpoint();
            endpoint = next;
            await Task.Delay(RetryBackoff.Before(_x.Record.Attempts, _policy, _parts.Random), _parts.Time, cancellation);
        }
    }

    /// <summary>The answer has ended, however it did: gives everything back and says what the endpoint was worth.</summary>
    /// <param name="callerLeft">Then nothing is held against the endpoint.</param>
    public void End(bool callerLeft, bool broken)
    {
        if (_endpoint is { } endpoint && _state.Outliers is { } outliers)
        {
            if (_unreported is { } answered)
            {
                Report(outliers, endpoint, broken ? AttemptResult.Failed(AttemptFailure.Reset) : answered with { GrpcStatus = _x.Record.GrpcStatus });
            }
            else if (callerLeft)
            {
                outliers.Forget(endpoint.Id);
            }
        }

        LeaveEndpoint();
        _attemptTime?.Dispose();
        if (_retrying)
        {
            EndRetry();
        }

        if (_entered)
        {
            _cluster.Gate.Leave();
        }

        _budget.RequestEnded();
    }

    private async ValueTask<(HttpResponseMessage? Response, AttemptResult Result, Exception? Error)> TryAsync(
        HttpRequestMessage request, ClusterEndpoint endpoint, bool http2, CancellationToken cancellation)
    {
        _endpoint = endpoint;
        endpoint.RequestStarted();
        RequestRecord record = _x.Record;
        record.Attempts++;
        record.Endpoint = endpoint.Workload;
        record.UpstreamHost = endpoint.Address;
        UpstreamKey key = EndpointKey.Of(_x, _state, endpoint, http2);
        record.EndpointId = key.Tunnel is null ? null : endpoint.Workload.Identity;
        TimeSpan? time = TimeOf(out bool own);
        RequestCopy.Stamp(_x, request, RequestCopy.UriOf(key.Prefix, _x.ForwardTarget), record.Attempts, time);
        if (!http2)
        {
            request.Headers.ConnectionClose = endpoint.Tally.EndsConnection(_state.Policy.ConnectionPool.MaxRequestsPerConnection) ? true : null;
        }

        _trace = record.Trace?.StartAttempt(endpoint.Address?.ToString() ?? key.Authority);
        _trace?.WriteTo(request);
        _attemptTime?.Dispose();
        _attemptTime = own ? new AttemptTime(time!.Value, _x.Body, _parts.Time, cancellation) : null;
        long begun = _parts.Time.GetTimestamp();
        try
        {
            HttpResponseMessage response = await _parts.Invokers(key).SendAsync(request, _attemptTime?.Token ?? cancellation);
            _attemptTime?.Stop();
            return (response, Answered(response, endpoint, _parts.Time.GetElapsedTime(begun)), null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && _x.Body?.CallerFault is null)
        {
            AttemptResult failed = AttemptResult.Failed(AttemptFailures.Of(e, _attemptTime?.IsOver == true));
            Failed(endpoint, failed, e, _parts.Time.GetElapsedTime(begun));
            return (null, failed, e);
        }
        catch (Exception e)
        {
            _trace?.End(0, "cancelled");
            if (_x.Clock.IsOver && !_x.Http.RequestAborted.IsCancellationRequested)
            {
                AttemptResult late = AttemptResult.Failed(AttemptFailure.Timeout);
                Failed(endpoint, late, e, _parts.Time.GetElapsedTime(begun));
                return (null, late, e);
            }

            _state.Outliers?.Forget(endpoint.Id);
            throw;
        }
    }

    private AttemptResult Answered(HttpResponseMessage response, ClusterEndpoint endpoint, TimeSpan took)
    {
        int status = (int)response.StatusCode;
        int? grpc = _x.IsGrpc && response.Headers.NonValidated.TryGetValues("grpc-status", out HeaderStringValues value) ? GrpcText.Parse(value.ToString()) : null;
        _x.Record.UpstreamTime = took;
        _x.Record.GrpcStatus = grpc;
        _trace?.End(status);
        endpoint.Latency.Add(status == 429 || grpc == 8 ? LoadPenalty.Latency(took, status, grpc, RetryAfter(response)) : took);
        AttemptResult result = AttemptResult.Answered(status, grpc, MayReadHeaders ? new AnswerHeaders(response) : null);
        if (_state.Outliers is { } outliers)
        {
            // What gRPC has to say comes in trailers, unless it came at once.
            if (_x.IsGrpc && grpc is null && status == 200)
            {
                _unreported = result;
            }
            else
            {
                Report(outliers, endpoint, result);
            }
        }

        return result;
    }

    private void Failed(ClusterEndpoint endpoint, AttemptResult result, Exception e, TimeSpan took)
    {
        _trace?.End(0, AttemptFailures.Words(e));
        _x.Record.Detail = AttemptFailures.Words(e);
        _x.Record.Flags |= FailureFlags.Of(result.Failure, e);
        if (result.Failure == AttemptFailure.Timeout)
        {
            endpoint.Latency.Add(took);
        }

        // That a caller is not let in says nothing about the endpoint for others.
        if (_state.Outliers is { } outliers)
        {
            if (AttemptFailures.IsDenied(e))
            {
                outliers.Forget(endpoint.Id);
            }
            else
            {
                Report(outliers, endpoint, result);
            }
        }
    }

    private void Report(OutlierDetector outliers, ClusterEndpoint endpoint, AttemptResult result)
    {
        _unreported = null;
        if (outliers.Report(endpoint.Id, result))
        {
            _parts.Ejections.Ejected(_cluster, endpoint, result);
        }
    }

    private bool MayReadHeaders => (_policy.On & (RetryOn.ResponseHeaders | RetryOn.RateLimited)) != RetryOn.None;

    // Nearly every answer is good; then nothing further is asked.
    private bool MayRetry(HttpResponseMessage? response, AttemptResult result) =>
        _policy.Attempts > 0
        && (response is null || result.Status >= 400 || result.GrpcStatus is > 0 || MayReadHeaders || _policy.Codes.Contains(result.Status));

    private bool IsDue(AttemptResult result)
    {
        RequestRecord record = _x.Record;
        if (_retrying)
        {
            EndRetry();
        }

        RetryState at = new()
        {
            Method = _x.Facts.Method,
            Attempts = record.Attempts,
            BodyReplayable = _x.Body?.CanBeSentAgain != false,
            AnswerStarted = _x.Http.Response.HasStarted,
            Late = _x.Clock.IsOver,
        };
        RetryVerdict verdict = RetryDecision.Decide(_policy, at, result, TryTakeRetry);
        if (!verdict.Retry)
        {
            if (record.Attempts > _policy.Attempts && _policy.Attempts > 0)
            {
                record.Flags |= ResponseFlags.UpstreamRetryLimitExceeded;
            }

            if (!ReferenceEquals(verdict.Reason, RetryVerdict.NoCondition))
            {
                record.Detail = Join(record.Detail, verdict.Reason);
            }

            return false;
        }

        return true;
    }

    private bool TryTakeRetry()
    {
        if (!_cluster.Gate.TryStartRetry(_state.Policy.ConnectionPool))
        {
            _x.Record.RetryBudgetSpent = true;
            return false;
        }

        if (!_budget.TryStartRetry())
        {
            _cluster.Gate.EndRetry();
            _x.Record.RetryBudgetSpent = true;
            return false;
        }

        return _retrying = true;
    }

    private void EndRetry()
    {
        _retrying = false;
        _budget.RetryEnded();
        _cluster.Gate.EndRetry();
    }

    private ClusterEndpoint? Next()
    {
        if (!_policy.SameEndpointAllowed && _endpoint is not null)
        {
            (_tried ??= []).Add(_endpoint);
        }

        for (int i = 0; i <= _state.Endpoints.Count; i++)
        {
            ClusterEndpoint? next = _state.Choose(_x.Hash, _tried);
            if (next is null || RetryRights.Holds(_x, next))
            {
                return next;
            }

            _state.Outliers?.Forget(next.Id);
            (_tried ??= []).Add(next);
        }

        return null;
    }

    /// <param name="own">The attempt's time ends before the request's.</param>
    private TimeSpan? TimeOf(out bool own)
    {
        TimeSpan? left = _x.Clock.Remaining;
        TimeSpan? perTry = _policy.PerTryTimeout is { Ticks: > 0 } limit ? limit : null;
        own = perTry is not null && (left is null || perTry < left);
        return own ? perTry : left is { Ticks: < 0 } ? TimeSpan.Zero : left;
    }

    private HttpResponseMessage Own(OwnReply reply)
    {
        _x.Reply = reply;
        return new HttpResponseMessage((HttpStatusCode)reply.Status);
    }

    private void LeaveEndpoint()
    {
        _endpoint?.RequestEnded(null);
        _endpoint = null;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _parts.Time.GetUtcNow(),
        _ => null,
    };

    private static string Join(string? first, string second) => first is null ? second : $"{first}; {second}";

    private sealed class UnusedHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
