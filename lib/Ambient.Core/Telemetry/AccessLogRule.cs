namespace Ambient.Core.Telemetry;

/// <summary>An entry of <c>spec.accessLogging</c>; null is inherited.</summary>
public sealed record AccessLogRule
{
    public TelemetryMode Mode { get; init; }

    public bool? Disabled { get; init; }

    /// <summary>Only requests for which it is true are logged, in the words of <c>TelemetryExpression</c>.</summary>
    public string? Filter { get; init; }
}
