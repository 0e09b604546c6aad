using System.Collections.Immutable;

namespace Ambient.Core.Telemetry;

/// <summary>An entry of <c>spec.tracing</c>; null is inherited.</summary>
public sealed record TracingRule
{
    public TelemetryMode Mode { get; init; }

    /// <summary>Names of <see cref="TracingProvider"/>s, of which the first that is declared takes the spans; empty: inherited.</summary>
    public ImmutableArray<string> Providers { get; init; } = [];

    /// <summary>0 to 100: share of requests without a trace of their own that begin one.</summary>
    public double? SamplingPercentage { get; init; }

    /// <summary>True: contexts are passed on, no span is sent.</summary>
    public bool? DisableSpanReporting { get; init; }

    /// <summary>Empty: inherited; otherwise instead of what is inherited, as a whole.</summary>
    public ImmutableArray<CustomTag> CustomTags { get; init; } = [];
}
