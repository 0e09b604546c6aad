namespace Ambient.Kube.Resources;

/// <summary>core/v1 NamespaceStatus.</summary>
public sealed record NamespaceStatus
{
    /// <summary>Active or Terminating.</summary>
    public string? Phase { get; init; }
}
