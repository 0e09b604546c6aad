using System.Diagnostics;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>One attempt at one endpoint: the context that it is sent with, and its span when the request is sampled.</summary>
internal sealed class AttemptTrace
{
    private readonly RequestTrace _request;
    private readonly Activity? _span;
    private readonly TimeProvider _time;
    private readonly ActivityContext _context;

    internal AttemptTrace(RequestTrace request, Activity? span, TimeProvider time, ActivityContext context)
    {
        _request = request;
        _span = span;
        _time = time;
        _context = context;
    }

    private bool IsSampled => (_context.TraceFlags & ActivityTraceFlags.Recorded) != 0;

    /// <summary>Puts the trace context into what is sent: <c>traceparent</c>, and B3 where the caller spoke B3.</summary>
    public void WriteTo(HttpRequestMessage request)
    {
        string trace = _context.TraceId.ToHexString();
        string span = _context.SpanId.ToHexString();
        string sampled = IsSampled ? "1" : "0";
        Put(request, TraceContextReader.Parent, $"00-{trace}-{span}-0{sampled}");
        switch (_request.Format)
        {
            case TraceFormat.B3:
                Put(request, TraceContextReader.B3, $"{trace}-{span}-{sampled}");
                break;
            case TraceFormat.B3Multi:
                Put(request, TraceContextReader.TraceIdName, trace);
                Put(request, TraceContextReader.SpanIdName, span);
                Put(request, TraceContextReader.SampledName, sampled);
                request.Headers.Remove(TraceContextReader.ParentSpanIdName);
                break;
            case TraceFormat.None:
                // States of a trace that is not continued mean nothing.
                request.Headers.Remove(TraceContextReader.State);
                break;
            default:
                break;
        }
    }

    /// <param name="status">HTTP status; 0 without an answer.</param>
    /// <param name="failure">Why there is none.</param>
    public void End(int status, string? failure = null)
    {
        if (_span is not { } span)
        {
            return;
        }

        if (status > 0)
        {
            span.SetTag("http.response.status_code", status);
        }

        if (failure is not null)
        {
            span.SetTag("error.type", failure);
        }

        if (failure is not null || status >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error, failure);
        }

        span.SetEndTime(_time.GetUtcNow().UtcDateTime);
        span.Stop();
    }

    private static void Put(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
