using System.Diagnostics;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>
/// A request's place in a trace at this proxy. When it is sampled it has a span, and each attempt one below it; when not, only the context
/// that is passed on, so that all who come after decide alike. Not thread-safe: the request's own flow.
/// </summary>
internal sealed class RequestTrace
{
    private readonly SpanSource? _source;
    private readonly TimeProvider _time;
    private readonly Activity? _span;
    private readonly ActivitySpanId _unsampledId;
    private readonly ActivityTraceId _traceId;

    /// <param name="context">Of the caller; null: the trace begins here.</param>
    /// <param name="source">Where spans go; null: not sampled.</param>
    internal RequestTrace(TraceContext? context, SpanSource? source, RequestRecord record, TimeProvider time)
    {
        _time = time;
        Format = context?.Format ?? TraceFormat.None;
        _source = source;
        if (source is null)
        {
            _traceId = context?.TraceId ?? ActivityTraceId.CreateRandom();
            _unsampledId = ActivitySpanId.CreateRandom();
            return;
        }

        _span = source.Start(
            "request", ActivityKind.Server,
            context is { } parent ? new ActivityContext(parent.TraceId, parent.SpanId, ActivityTraceFlags.Recorded, parent.State, isRemote: true) : default,
            record.StartTime.UtcDateTime);
        _traceId = _span?.TraceId ?? context?.TraceId ?? ActivityTraceId.CreateRandom();
        _unsampledId = _span is null ? ActivitySpanId.CreateRandom() : default;
    }

    /// <summary>32 lower-case hex digits.</summary>
    internal string TraceId => _traceId.ToHexString();

    internal bool IsSampled => _span is not null;

    /// <summary>By which headers the caller spoke.</summary>
    internal TraceFormat Format { get; }

    /// <summary>Begins the span of one attempt.</summary>
    /// <param name="upstream">The endpoint's address.</param>
    public AttemptTrace StartAttempt(string upstream)
    {
        if (_span is null || _source?.Start(upstream, ActivityKind.Client, _span.Context, _time.GetUtcNow().UtcDateTime) is not { } span)
        {
            return new AttemptTrace(this, null, _time, new ActivityContext(_traceId, _span?.SpanId ?? _unsampledId, _span is null ? ActivityTraceFlags.None : ActivityTraceFlags.Recorded));
        }

        span.SetTag("server.address", upstream);
        return new AttemptTrace(this, span, _time, span.Context);
    }

    /// <summary>Ends the span with all that the record says.</summary>
    internal void End(RequestRecord record, IEnumerable<Core.Telemetry.CustomTag> tags)
    {
        if (_span is not { } span)
        {
            return;
        }

        span.DisplayName = SpanTags.NameOf(record);
        SpanTags.Set(span, record);
        SpanTags.Custom(span, record, tags);
        span.SetEndTime((record.StartTime + record.Duration).UtcDateTime);
        span.Stop();
    }
}
