using System.Diagnostics;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>Where a request stands in a trace, as its caller says.</summary>
/// <param name="Sampled">Null: the caller leaves it to us (B3 without a sampling state).</param>
/// <param name="State">Value of <c>tracestate</c>.</param>
internal readonly record struct TraceContext(ActivityTraceId TraceId, ActivitySpanId SpanId, bool? Sampled, TraceFormat Format, string? State = null);
