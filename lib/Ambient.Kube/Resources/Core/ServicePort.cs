namespace Ambient.Kube.Resources;

/// <summary>core/v1 ServicePort.</summary>
public sealed record ServicePort
{
    public string? Name { get; init; }

    public int Port { get; init; }

    /// <summary>Null means: same as <see cref="Port"/>.</summary>
    public IntOrString? TargetPort { get; init; }

    public int? NodePort { get; init; }

    /// <summary>TCP (the default), UDP or SCTP.</summary>
    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }
}
