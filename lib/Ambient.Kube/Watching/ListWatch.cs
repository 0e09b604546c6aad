using Ambient.Kube.Http;

namespace Ambient.Kube.Watching;

/// <summary>What to list and watch: one kind, one namespace or all (null), optionally narrowed by selectors.</summary>
public sealed record ListWatch<T>(ResourceClient<T> Resource)
    where T : class
{
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }
}
