using System.Diagnostics;
using Ambient.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>
/// Makes spans for one receiver and sends them by OTLP, in batches, from a thread of its own. The queue is bounded: what a receiver does not
/// take in time is dropped.
/// </summary>
internal sealed class SpanSource : IDisposable
{
    private const int QueueLength = 2_048, BatchLength = 512, Timeout = 10_000;

    private static int s_sources;

    private readonly ActivitySource _activities;
    private readonly TracerProvider _provider;

    /// <param name="delay">Between batches, while a batch is not full.</param>
    internal SpanSource(TracingProvider provider, SpanOrigin origin, TimeSpan delay)
    {
        // Each has a name of its own: a tracer provider listens to its own source alone.
        _activities = new ActivitySource($"ambient.waypoint.{Interlocked.Increment(ref s_sources)}");
        var exporter = new OtlpTraceExporter(new OtlpExporterOptions
        {
            Endpoint = provider.Protocol == TracingProtocol.Http ? new Uri($"http://{provider.Address}/v1/traces") : new Uri($"http://{provider.Address}"),
            Protocol = provider.Protocol == TracingProtocol.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            TimeoutMilliseconds = Timeout,
        });
        _provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(_activities.Name)
            .SetSampler(new AlwaysOnSampler()) // whether a request is sampled has been decided
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(origin.Attributes))
            .AddProcessor(new BatchActivityExportProcessor(exporter, QueueLength, (int)delay.TotalMilliseconds, Timeout, BatchLength))
            .Build();
    }

    /// <summary>Null when the source is ended. The span is nobody's current one.</summary>
    internal Activity? Start(string name, ActivityKind kind, ActivityContext parent, DateTime start)
    {
        Activity? before = Activity.Current;
        Activity? span = _activities.CreateActivity(name, kind, parent);
        span?.SetStartTime(start).Start();
        Activity.Current = before;
        return span;
    }

    /// <summary>Sends what is waiting, for a few seconds at most.</summary>
    public void Dispose()
    {
        _provider.ForceFlush(5_000);
        _provider.Dispose();
        _activities.Dispose();
    }
}
