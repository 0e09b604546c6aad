using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Resources.Manifests;

namespace Ambient.Compile.Provisioning;

/// <summary>
/// A ConfigMap whose keys are partial manifests, each YAML or JSON, that are merged strategically over what is made: the keys and the meaning
/// that Istio gives them. Its containers may name ours by the name that theirs has there.
/// </summary>
internal sealed class Overlays
{
    public const string Autoscaler = "horizontalPodAutoscaler";

    private const string ForeignContainer = "istio-proxy";

    private static readonly ImmutableArray<string> Keys = ["deployment", "service", "serviceAccount", Autoscaler, "podDisruptionBudget"];

    private readonly Dictionary<string, JsonObject> _parts = new(StringComparer.Ordinal);

    public bool Has(string key) => _parts.ContainsKey(key);

    public static Overlays Read(JsonObject configMap)
    {
        var view = new JsonView(configMap, "");
        string name = $"ConfigMap {view["metadata"].Text("namespace")}/{view["metadata"].Text("name")}";
        var overlays = new Overlays();
        foreach (var (key, text) in view.Map("data"))
        {
            if (!Keys.Contains(key))
            {
                throw new ProvisioningException($"{name} has the key {key}; parameters of a Gateway are {string.Join(", ", Keys)}");
            }

            overlays._parts[key] = Renamed(Part(name, key, text));
        }

        return overlays;
    }

    /// <summary>The overlay over a manifest; the manifest itself where there is none.</summary>
    public JsonObject Over(string key, JsonObject manifest) =>
        _parts.TryGetValue(key, out var part) ? StrategicMerge.Merge(manifest, part) : manifest;

    private static JsonObject Part(string name, string key, string text)
    {
        try
        {
            return ManifestReader.ReadValue(text) as JsonObject ?? throw new ProvisioningException($"{name}, key {key}: must be an object");
        }
        catch (ManifestException e)
        {
            throw new ProvisioningException($"{name}, key {key}, line {e.Line}: {(e.Field.Length > 0 ? e.Field + " " : "")}{e.Message}");
        }
    }

    private static JsonObject Renamed(JsonObject part)
    {
        foreach (JsonNode? container in Containers(part))
        {
            if (container is JsonObject o && o["name"] is JsonValue value && value.TryGetValue(out string? text) && text == ForeignContainer)
            {
                o["name"] = DeploymentManifest.Container;
            }
        }

        return part;
    }

    private static JsonArray Containers(JsonObject part) =>
        (Child(Child(Child(part, "spec"), "template"), "spec") is JsonObject pod ? pod["containers"] as JsonArray : null) ?? [];

    private static JsonNode? Child(JsonNode? node, string field) => node is JsonObject o ? o[field] : null;
}
