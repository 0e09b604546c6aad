using System.Collections.ObjectModel;

namespace Ambient.Kube.Resources;

/// <summary>meta/v1 ObjectMeta without managedFields, which are large and of no use in a cache.</summary>
public sealed record ObjectMeta
{
    public static ObjectMeta Empty { get; } = new();

    public string Name { get; init; } = "";

    /// <summary>Null for cluster-scoped objects.</summary>
    public string? Namespace { get; init; }

    public string? GenerateName { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    /// <summary>Counts changes of the spec; 0 where the kind has none.</summary>
    public long? Generation { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Set once deletion has been asked for.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    public long? DeletionGracePeriodSeconds { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? NoEntries; } = NoEntries;

    public IReadOnlyDictionary<string, string> Annotations { get; init => field = value ?? NoEntries; } = NoEntries;

    public IReadOnlyList<OwnerReference> OwnerReferences { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Finalizers { get; init => field = value ?? []; } = [];

    /// <summary>client-go's cache key: <c>namespace/name</c>, or <c>name</c> of a cluster-scoped object.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";

    private static ReadOnlyDictionary<string, string> NoEntries => ReadOnlyDictionary<string, string>.Empty;
}
