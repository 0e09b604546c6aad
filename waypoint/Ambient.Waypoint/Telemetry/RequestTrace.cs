namespace Ambient.Waypoint.Telemetry;

/// <summary>The span of one request at this proxy. Not thread-safe: the request's own flow.</summary>
internal sealed class RequestTrace
{
    /// <summary>Begins the span of one attempt.</summary>
    /// <param name="upstream">The endpoint's address.</param>
    public AttemptTrace StartAttempt(string upstream) => new();
}
