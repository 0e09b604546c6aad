namespace Ambient.Kube.Resources;

/// <summary>core/v1 NodeAddress; the type is InternalIP, ExternalIP or Hostname.</summary>
public sealed record NodeAddress
{
    public string Type { get; init; } = "";

    public string Address { get; init; } = "";
}
