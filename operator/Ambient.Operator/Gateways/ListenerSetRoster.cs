using System.Text.Json.Nodes;
using Ambient.Compile.Provisioning;
using Ambient.Compile.Sources;

namespace Ambient.Operator.Gateways;

/// <summary>ListenerSets by the Gateway that they name, with the labels of their namespaces. Not safe for several threads: its owner locks.</summary>
internal sealed class ListenerSetRoster
{
    private readonly Dictionary<ObjectKey, (JsonObject Manifest, ObjectKey Gateway)> _sets = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _namespaces = new(StringComparer.Ordinal);

    /// <summary>Takes an object in, or out with a null manifest; kinds of no use here do nothing.</summary>
    /// <returns>Gateways for which it may make a difference.</returns>
    public IReadOnlyCollection<ObjectKey> Take(ObjectKey key, JsonObject? manifest)
    {
        switch (key.Kind)
        {
            case KnownKinds.ListenerSet:
                HashSet<ObjectKey> named = [];
                if (_sets.Remove(key, out var old))
                {
                    named.Add(old.Gateway);
                }

                if (manifest is not null && GatewayOf(key, manifest) is { } gateway)
                {
                    _sets[key] = ((JsonObject)manifest.DeepClone(), gateway);
                    named.Add(gateway);
                }

                return named;
            case KnownKinds.Namespace:
                var labels = LabelsOf(manifest);
                if (labels.Count == _namespaces.GetValueOrDefault(key.Name)?.Count && labels.All(l => _namespaces[key.Name].GetValueOrDefault(l.Key) == l.Value))
                {
                    return [];
                }

                _namespaces.Remove(key.Name);
                if (manifest is not null)
                {
                    _namespaces[key.Name] = labels;
                }

                return [.. _sets.Where(s => s.Key.Namespace == key.Name).Select(static s => s.Value.Gateway).Distinct()];
            default:
                return [];
        }
    }

    public IReadOnlyList<ListenerSetManifest> Of(ObjectKey gateway) =>
        [.. _sets.Where(s => s.Value.Gateway == gateway).Select(s => new ListenerSetManifest((JsonObject)s.Value.Manifest.DeepClone(), _namespaces.GetValueOrDefault(s.Key.Namespace)))];

    private static ObjectKey? GatewayOf(ObjectKey set, JsonObject manifest) =>
        (manifest["spec"] as JsonObject)?["parentRef"] is JsonObject parent && Text(parent["name"]) is { Length: > 0 } name
            ? new ObjectKey(KnownKinds.Gateway, Text(parent["namespace"]) is { Length: > 0 } ns ? ns : set.Namespace, name)
            : null;

    private static Dictionary<string, string> LabelsOf(JsonObject? manifest) =>
        ((manifest?["metadata"] as JsonObject)?["labels"] as JsonObject)?.ToDictionary(static l => l.Key, static l => Text(l.Value), StringComparer.Ordinal) ?? new(StringComparer.Ordinal);

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
