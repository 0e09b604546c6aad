using System.Collections.ObjectModel;

namespace Ambient.Kube.Resources;

/// <summary>core/v1 Secret. Data are the decoded bytes.</summary>
public sealed record Secret : KubeObject, IKubeObject<Secret>
{
    public static GroupKind GroupKind { get; } = new("", "Secret");

    public string? Type { get; init; }

    public IReadOnlyDictionary<string, byte[]> Data { get; init => field = value ?? ReadOnlyDictionary<string, byte[]>.Empty; } =
        ReadOnlyDictionary<string, byte[]>.Empty;
}
