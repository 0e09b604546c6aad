using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;

namespace Ambient.Operator.Status;

/// <summary>
/// Our conditions into an object's list of conditions: others' are left alone, a transition time moves only with the status, and a list that
/// says the same already is not written.
/// </summary>
internal static class ConditionMerge
{
    /// <summary>The list to write, or null when nothing differs.</summary>
    /// <param name="standing">status.conditions as the server has it.</param>
    /// <param name="conditions">What we say.</param>
    /// <param name="generation">Of the object that we say it about.</param>
    /// <param name="retired">Types that we wrote before and no longer say anything about.</param>
    /// <param name="now">For conditions whose status changed.</param>
    public static JsonArray? Merge(
        JsonArray? standing, ImmutableArray<Condition> conditions, long generation, IReadOnlySet<string> retired, DateTimeOffset now)
    {
        var merged = new JsonArray();
        bool changed = false;
        var said = conditions.Select(c => c.Type).ToHashSet(StringComparer.Ordinal);
        var before = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (JsonNode? node in standing ?? [])
        {
            string type = node is JsonObject c ? Text(c, "type") : "";
            if (said.Contains(type))
            {
                changed |= !before.TryAdd(type, (JsonObject)node!);
            }
            else if (retired.Contains(type))
            {
                changed = true;
            }
            else
            {
                merged.Add(node?.DeepClone());
            }
        }

        foreach (Condition condition in conditions)
        {
            JsonObject? old = before.GetValueOrDefault(condition.Type);
            JsonObject next = Write(condition, generation, old, now);
            changed |= !JsonNode.DeepEquals(old, next);
            merged.Add(next);
        }

        return changed ? merged : null;
    }

    /// <summary>Whether a condition that stands says the same, times and generation apart.</summary>
    public static bool Says(JsonObject standing, Condition condition) =>
        Text(standing, "type") == condition.Type && Text(standing, "status") == condition.Status
        && Text(standing, "reason") == condition.Reason && Text(standing, "message") == condition.Message;

    private static JsonObject Write(Condition condition, long generation, JsonObject? old, DateTimeOffset now)
    {
        // Fields that others put into our condition stay; what we say replaces.
        JsonObject next = old?.DeepClone() as JsonObject ?? [];
        bool moved = old is null || Text(old, "status") != condition.Status || Text(old, "lastTransitionTime").Length == 0;
        next["type"] = condition.Type;
        next["status"] = condition.Status;
        next["reason"] = condition.Reason;
        next["message"] = condition.Message;
        if (!(next["observedGeneration"] is JsonValue value && value.TryGetValue(out long seen) && seen == generation))
        {
            next["observedGeneration"] = generation;
        }

        if (moved)
        {
            next["lastTransitionTime"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        return next;
    }

    private static string Text(JsonObject o, string field) =>
        o[field] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
