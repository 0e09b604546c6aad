namespace Ambient.Kube.Resources;

/// <summary>core/v1 HTTPGetAction.</summary>
public sealed record HttpGetAction
{
    public string? Path { get; init; }

    public IntOrString Port { get; init; }

    public string? Host { get; init; }

    public string? Scheme { get; init; }
}
