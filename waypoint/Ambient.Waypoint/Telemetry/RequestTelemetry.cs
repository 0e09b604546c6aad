using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Telemetry.Logging;
using Ambient.Waypoint.Telemetry.Metrics;
using Ambient.Waypoint.Telemetry.Tracing;
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
internal sealed class RequestTelemetry : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly TelemetryView _view;
    private readonly RequestMetrics _metrics;
    private readonly AccessLog _log;
    private readonly SpanSources _spans;
    private readonly Tracer _tracer;

    /// <param name="accessLog">Not owned; nobody else writes to it.</param>
    internal RequestTelemetry(WaypointConfig config, TextWriter accessLog, TimeProvider time, TimeSpan? spanDelay = null)
    {
        _time = time;
        _view = new TelemetryView(config.Gateway);
        _metrics = new RequestMetrics(time);
        _log = new AccessLog(accessLog);
        _spans = new SpanSources(SpanOrigin.Of(config), spanDelay ?? SpanSources.DefaultDelay);
        _tracer = new Tracer(_spans, Random.Shared.NextDouble, time);
    }

    /// <summary>Of connections that are passed on without being read.</summary>
    internal ConnectionMetrics Connections { get; } = new();

    /// <summary>Whom it goes by from now on; called for each new state, not on a data path's thread.</summary>
    internal void Follow(WaypointState state)
    {
        if (_view.Update(state))
        {
            _spans.Keep(_view.Providers);
        }
    }

    /// <summary>Before anything of the request is known but who asks and, at a waypoint, for which service: both should be in the record.</summary>
    public void Started(RequestRecord record, IHeaderDictionary headers)
    {
        record.Started = _time.GetTimestamp();
        record.StartTime = _time.GetUtcNow();
        _metrics.Started();
        record.Trace = _tracer.Begin(_view.Of(record.Service, null, record.IsGateway).Telemetry, record, headers);
    }

    /// <summary>Counts, logs and ends the trace. The record is not to be touched after this; its headers are let go.</summary>
    public void Finished(RequestRecord record)
    {
        record.Duration = _time.GetElapsedTime(record.Started);
        TelemetryView.Entry entry = _view.Of(record.Service, record.Endpoint, record.IsGateway);
        RecordFacts? facts = entry.Plan is null && entry.Telemetry.Filter is null ? null : new RecordFacts(record);
        _metrics.Finished(record, entry.Plan, facts is null ? null : entry.Plan?.ValuesOf(facts));
        record.Trace?.End(record, entry.Telemetry.CustomTags);
        bool logged = entry.Telemetry.AccessLog && entry.Telemetry.Filter?.IsTrue(facts!) != false;
        record.Headers = null;
        if (logged)
        {
            _log.Write(record, _view.AccessLogJson);
        }
    }

    internal void Render(PrometheusText text)
    {
        _metrics.Render(text);
        Connections.Render(text);
        text.Family("ambient_access_log_lost_total", "counter", "Access log lines dropped because nobody reads fast enough.")
            .Sample("ambient_access_log_lost_total", "", _log.Lost);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _spans.Dispose();
    }
}
