namespace Ambient.Waypoint.Telemetry;

/// <summary>The span of one attempt at one endpoint.</summary>
internal sealed class AttemptTrace
{
    /// <summary>Puts the trace context into what is sent: <c>traceparent</c>, <c>tracestate</c> and B3 where the caller spoke B3.</summary>
    public void WriteTo(HttpRequestMessage request)
    {
    }

    /// <param name="status">HTTP status; 0 without an answer.</param>
    /// <param name="failure">Why there is none.</param>
    public void End(int status, string? failure = null)
    {
    }
}
