using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 Probe.</summary>
internal sealed record LabProbe
{
    public LabHttpGet? HttpGet { get; init; }

    public TcpSocketAction? TcpSocket { get; init; }

    public ExecAction? Exec { get; init; }

    public int? InitialDelaySeconds { get; init; }

    public int? PeriodSeconds { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? SuccessThreshold { get; init; }

    public int? FailureThreshold { get; init; }

    internal sealed record LabHttpGet
    {
        public string? Path { get; init; }

        public IntOrString Port { get; init; }

        public string? Host { get; init; }

        public string? Scheme { get; init; }

        public IReadOnlyList<Header> HttpHeaders { get; init => field = value ?? []; } = [];
    }

    internal sealed record Header
    {
        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
