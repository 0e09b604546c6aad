using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Controllers;

/// <summary>Makes served resources of CustomResourceDefinitions and reports NamesAccepted and Established. Runs right after each write of one.</summary>
internal sealed class CrdController(ResourceStore store, ResourceCatalog catalog, TimeProvider time)
{
    private const string Shelf = "apiextensions.k8s.io/customresourcedefinitions";
    private readonly Lock gate = new();

    /// <summary>Brings catalogue and conditions in line with the CRDs that are stored now.</summary>
    public void Refresh()
    {
        lock (gate)
        {
            var accepted = new List<JsonObject>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (StoredObject crd in store.Shelf(Shelf).Values.OrderBy(c => Established(c.Value) ? 0 : 1).ThenBy(c => c.Version))
            {
                string? clash = Clash(crd.Value, names);
                if (clash is null)
                {
                    accepted.Add(crd.Value);
                }

                Report(crd, clash);
            }

            catalog.SetCustom(accepted.SelectMany(TypesOf));
        }
    }

    private static string? Clash(JsonObject crd, HashSet<string> names)
    {
        JsonNode? spec = crd.At("spec");
        string group = spec.Text("group") ?? "";
        foreach (string word in (string[])["plural", "singular", "kind", "listKind"])
        {
            if (spec.Text("names", word) is { } name && !names.Add($"{group}/{(word is "kind" or "listKind" ? "K" : "R")}/{name}") && word is "plural" or "kind")
            {
                return $"\"{spec.Text("names", word)}\" is already in use";
            }
        }

        return null;
    }

    private IEnumerable<ResourceType> TypesOf(JsonObject crd)
    {
        JsonObject spec = crd.Object("spec")!;
        string group = spec.Text("group")!;
        string plural = spec.Text("names", "plural")!, kind = spec.Text("names", "kind")!;
        string storage = spec.Items("versions").First(v => v.Flag("storage")).Text("name")!;
        foreach (JsonNode? version in spec.Items("versions").Where(v => v.Flag("served")))
        {
            string name = version.Text("name")!;
            yield return new ResourceType
            {
                Group = group,
                Version = name,
                Kind = kind,
                Plural = plural,
                Singular = spec.Text("names", "singular") ?? kind.ToLowerInvariant(),
                ListKind = spec.Text("names", "listKind") ?? kind + "List",
                Namespaced = spec.Text("scope") == "Namespaced",
                ShortNames = [.. spec.Items("names", "shortNames").Select(s => s.Plain()!)],
                Categories = [.. spec.Items("names", "categories").Select(s => s.Plain()!)],
                HasStatus = version.At("subresources", "status") is not null,
                Scale = version.Object("subresources", "scale") is { } scale
                    ? new ScalePaths(scale.Text("specReplicasPath")!, scale.Text("statusReplicasPath")!, scale.Text("labelSelectorPath")) : null,
                Schema = CrdSchema.ReadRoot(version.Object("schema", "openAPIV3Schema")?.Copy(), catalog.Text.Types["ObjectMeta"]),
                Shelf = $"{group}/{plural}",
                Custom = new CustomType
                {
                    CrdName = crd.Text("metadata", "name")!,
                    StorageVersion = storage,
                    Columns = [.. version.Items("additionalPrinterColumns").OfType<JsonObject>().Select(c => c.Copy())],
                    SelectableFields = [.. version.Items("selectableFields").Select(f => (f.Text("jsonPath") ?? "").TrimStart('.'))],
                    Deprecation = version.Flag("deprecated") ? version.Text("deprecationWarning") ?? $"{group}/{name} {kind} is deprecated" : null,
                },
            };
        }
    }

    private void Report(StoredObject crd, string? clash)
    {
        JsonObject value = crd.Value.Copy();
        bool good = clash is null;
        JsonObject status = value.Ensure("status");
        string now = ObjectWriter.Timestamp(time.GetUtcNow());
        status["conditions"] = new JsonArray(
            Condition("NamesAccepted", good, good ? "NoConflicts" : "NamesConflict", good ? "no conflicts found" : clash!, crd.Value, now),
            Condition("Established", good, good ? "InitialNamesAccepted" : "NotAccepted", good ? "the initial names have been accepted" : "not all names are accepted", crd.Value, now));
        status["acceptedNames"] = good ? value.At("spec", "names")!.DeepClone() : new JsonObject { ["plural"] = "", ["kind"] = "" };
        List<string> stored = [.. status.Items("storedVersions").Select(v => v.Plain()!)];
        stored.AddRange(value.Items("spec", "versions").Where(v => v.Flag("storage")).Select(v => v.Text("name")!).Except(stored).ToArray());
        status["storedVersions"] = JsonPaths.ArrayOf(stored);
        if (!JsonNode.DeepEquals(value, crd.Value))
        {
            store.Replace(Shelf, crd, value);
        }
    }

    private static JsonObject Condition(string type, bool good, string reason, string message, JsonObject crd, string now)
    {
        string status = good ? "True" : "False";
        JsonNode? old = crd.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == type);
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastTransitionTime"] = old.Text("status") == status ? old.Text("lastTransitionTime") : now,
            ["reason"] = reason,
            ["message"] = message,
        };
    }

    private static bool Established(JsonObject crd) =>
        crd.Items("status", "conditions").Any(c => c.Text("type") == "Established" && c.Text("status") == "True");
}
