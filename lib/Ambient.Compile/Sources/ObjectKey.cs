using System.Text.Json.Nodes;

namespace Ambient.Compile.Sources;

/// <summary>
/// Names one Kubernetes object whatever API version it was read in. <paramref name="Kind"/> is qualified where a core kind has the
/// same name: <c>Pod</c>, <c>security.istio.io/AuthorizationPolicy</c>. The namespace is empty for cluster-scoped kinds.
/// </summary>
public readonly record struct ObjectKey(string Kind, string Namespace, string Name) : IComparable<ObjectKey>
{
    /// <summary>Reads apiVersion, kind, metadata.namespace and metadata.name; null when one is absent or not text.</summary>
    public static ObjectKey? Of(JsonObject manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var metadata = manifest["metadata"] as JsonObject;
        return Text(manifest["apiVersion"]) is { } apiVersion && Text(manifest["kind"]) is { } kind && Text(metadata?["name"]) is { } name
            ? Of(apiVersion, kind, Text(metadata?["namespace"]) ?? "", name)
            : null;
    }

    public static ObjectKey Of(string apiVersion, string kind, string @namespace, string name)
    {
        ArgumentNullException.ThrowIfNull(apiVersion);
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return new ObjectKey(slash < 0 ? kind : $"{apiVersion[..slash]}/{kind}", @namespace, name);
    }

    public int CompareTo(ObjectKey other)
    {
        int byKind = string.CompareOrdinal(Kind, other.Kind);
        int byNamespace = byKind != 0 ? byKind : string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(ObjectKey left, ObjectKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ObjectKey left, ObjectKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ObjectKey left, ObjectKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ObjectKey left, ObjectKey right) => left.CompareTo(right) >= 0;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}
