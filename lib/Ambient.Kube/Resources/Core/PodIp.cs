namespace Ambient.Kube.Resources;

/// <summary>core/v1 PodIP.</summary>
public sealed record PodIp
{
    public string Ip { get; init; } = "";
}
