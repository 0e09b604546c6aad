namespace Ambient.Kube.Resources;

/// <summary>Items of a list, whole or one page of it.</summary>
public sealed record KubeList<T>
{
    public string ApiVersion { get; init; } = "";

    public string Kind { get; init; } = "";

    public ListMeta Metadata { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<T> Items { get; init => field = value ?? []; } = [];
}
