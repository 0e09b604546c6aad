using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 DownwardAPIVolumeSource and DownwardAPIProjection.</summary>
internal sealed record DownwardItems
{
    public IReadOnlyList<Item> Items { get; init => field = value ?? []; } = [];

    internal sealed record Item
    {
        public string Path { get; init; } = "";

        public ObjectFieldSelector? FieldRef { get; init; }
    }
}
