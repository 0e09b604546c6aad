namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>By which headers a caller gave its trace context.</summary>
internal enum TraceFormat
{
    /// <summary>It gave none.</summary>
    None,

    /// <summary><c>traceparent</c> and <c>tracestate</c>.</summary>
    W3C,

    /// <summary>Header <c>b3</c>.</summary>
    B3,

    /// <summary>Headers <c>x-b3-…</c>.</summary>
    B3Multi,
}
