using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Analysis;

/// <summary>Objects as they were written, by name; of one that stands twice the last.</summary>
internal sealed class WrittenObjects(ImmutableArray<JsonObject> objects)
{
    private readonly FrozenDictionary<ObjectKey, JsonObject> _byKey = objects.Select(static o => (Key: KeyOf(o), Content: o)).Where(static o => o.Key is not null)
        .GroupBy(static o => o.Key!.Value).ToFrozenDictionary(static g => g.Key, static g => g.Last().Content);

    public IEnumerable<(ObjectKey Key, JsonObject Content)> Of(string kind) =>
        _byKey.Where(o => o.Key.Kind == kind).OrderBy(static o => o.Key).Select(static o => (o.Key, o.Value));

    public IEnumerable<(ObjectKey Key, JsonObject Content)> All => _byKey.OrderBy(static o => o.Key).Select(static o => (o.Key, o.Value));

    public JsonObject? Find(ObjectKey key) => _byKey.GetValueOrDefault(key);

    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static ObjectKey? KeyOf(JsonObject content)
    {
        try
        {
            return ObjectKey.Of(content);
        }
        catch (Exception e) when (JsonView.IsUnreadable(e))
        {
            return null;
        }
    }
}
