namespace Ambient.Kube.Resources;

/// <summary>core/v1 Sysctl: a kernel parameter of the pod's namespaces, with dots for slashes.</summary>
public sealed record Sysctl
{
    public string Name { get; init; } = "";

    public string Value { get; init; } = "";
}
