namespace Ambient.Kube.Resources;

/// <summary>core/v1 Capabilities, names without <c>CAP_</c>.</summary>
public sealed record Capabilities
{
    public IReadOnlyList<string> Add { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Drop { get; init => field = value ?? []; } = [];
}
