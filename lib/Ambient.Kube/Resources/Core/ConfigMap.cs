using System.Collections.ObjectModel;

namespace Ambient.Kube.Resources;

/// <summary>core/v1 ConfigMap, text entries only.</summary>
public sealed record ConfigMap : KubeObject, IKubeObject<ConfigMap>
{
    public static GroupKind GroupKind { get; } = new("", "ConfigMap");

    public IReadOnlyDictionary<string, string> Data { get; init => field = value ?? ReadOnlyDictionary<string, string>.Empty; } =
        ReadOnlyDictionary<string, string>.Empty;
}
