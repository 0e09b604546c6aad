namespace Ambient.Kube.Resources;

/// <summary>core/v1 ContainerPort; services may target it by name.</summary>
public sealed record ContainerPort
{
    public string? Name { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("containerPort")]
    public int Port { get; init; }

    public int? HostPort { get; init; }

    public string? Protocol { get; init; }
}
