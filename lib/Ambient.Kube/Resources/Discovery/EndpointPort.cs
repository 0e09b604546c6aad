namespace Ambient.Kube.Resources;

/// <summary>discovery.k8s.io EndpointPort.</summary>
public sealed record EndpointPort
{
    public string? Name { get; init; }

    public int? Port { get; init; }

    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }
}
