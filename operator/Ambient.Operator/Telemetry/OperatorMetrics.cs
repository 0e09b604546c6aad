namespace Ambient.Operator.Telemetry;

/// <summary>What the operator counts; <c>/metrics</c> adds what it can read off its parts when asked.</summary>
internal sealed class OperatorMetrics
{
    public Histogram CompileSeconds { get; } = new();

    public Counter CompileFailures { get; } = new();

    public Counter Publishes { get; } = new();

    public Counter CallersAccepted { get; } = new();

    public Counter CallersRefused { get; } = new();

    public Counter CertificatesIssued { get; } = new();

    public Counter CertificatesRefused { get; } = new();

    public Counter StatusWritten { get; } = new();

    public Counter StatusFailed { get; } = new();

    public Counter RootsWritten { get; } = new();
}
