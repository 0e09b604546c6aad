using System.Text.Json.Nodes;
using Ambient.Compile.Reports;

namespace Ambient.Operator.Status;

/// <summary>A report into the status of its object: what others wrote there is left alone, and fields that say the same already are not written.</summary>
internal static class StatusMerge
{
    private static readonly HashSet<string> NoneRetired = [];

    /// <summary>The fields of the status to write; null when nothing differs.</summary>
    /// <param name="standing">status as the server has it.</param>
    /// <param name="report">What we say.</param>
    /// <param name="retired">Types of conditions that we wrote before and no longer say anything about.</param>
    /// <param name="now">For conditions whose status changed.</param>
    public static JsonObject? Merge(JsonObject? standing, StatusReport report, IReadOnlySet<string> retired, DateTimeOffset now)
    {
        JsonObject fields = [];
        if (ConditionMerge.Merge(standing?["conditions"] as JsonArray, report.Conditions, report.Generation, retired, now) is { } conditions)
        {
            fields["conditions"] = conditions;
        }

        Replace(fields, "parents", standing?["parents"] as JsonArray, before => Parents(before, report, now));
        Replace(fields, "ancestors", standing?["ancestors"] as JsonArray, before => Ancestors(before, report, now));
        Replace(fields, "supportedFeatures", standing?["supportedFeatures"] as JsonArray, before => Features(before, report));
        Replace(fields, "listeners", standing?["listeners"] as JsonArray, before => Listeners(before, report, now));
        Replace(fields, "addresses", standing?["addresses"] as JsonArray, before => Addresses(before, report));
        if (Count(standing?["attachedListenerSets"], report) is { } count)
        {
            fields["attachedListenerSets"] = count;
        }

        return fields.Count == 0 ? null : fields;
    }

    /// <summary>Null for no change. A cluster without ListenerSets need not know the field: no number is the same as 0.</summary>
    private static int? Count(JsonNode? standing, StatusReport report)
    {
        int was = standing is JsonValue value && value.TryGetValue(out int number) ? number : 0;
        int now = report.AttachedListenerSets ?? 0;
        return report.Kind == "Gateway" && (was != now || (standing is null && report.AttachedListenerSets is not null)) ? now : null;
    }

    private static JsonArray Addresses(JsonArray standing, StatusReport report) => report.Addresses is not { } ours
        ? (JsonArray)standing.DeepClone()
        : new JsonArray([.. ours.Select(static a => a.Host is { } host
            ? new JsonObject { ["value"] = a.Value, ["host"] = host }
            : new JsonObject { ["type"] = a.Type, ["value"] = a.Value })]);

    private static void Replace(JsonObject fields, string name, JsonArray? standing, Func<JsonArray, JsonArray> merge)
    {
        JsonArray merged = merge(standing ?? []);
        if (!Same(merged, standing ?? []))
        {
            fields[name] = merged;
        }
    }

    /// <summary>Entries of other controllers stay; ours are those of the report.</summary>
    private static JsonArray Parents(JsonArray standing, StatusReport report, DateTimeOffset now)
    {
        if (!report.IsOfRoute)
        {
            return (JsonArray)standing.DeepClone();
        }

        IEnumerable<JsonNode?> others = standing.Where(p => !IsOurs(p)).Select(p => p?.DeepClone());
        IEnumerable<JsonNode?> ours = report.Parents.Select(parent => new JsonObject
        {
            ["parentRef"] = parent.Ref.ToJson(),
            ["controllerName"] = parent.ControllerName,
            ["conditions"] = Conditions(
                standing.FirstOrDefault(p => IsOurs(p) && Same(parent.Ref.ToJson(), p!["parentRef"])), parent.Conditions, report, now),
        });
        return new JsonArray([.. others, .. ours]);
    }

    /// <summary>Entries of other controllers stay; ours are those of the report.</summary>
    private static JsonArray Ancestors(JsonArray standing, StatusReport report, DateTimeOffset now)
    {
        if (!report.IsOfAttachedPolicy)
        {
            return (JsonArray)standing.DeepClone();
        }

        IEnumerable<JsonNode?> others = standing.Where(p => !IsOurs(p)).Select(p => p?.DeepClone());
        IEnumerable<JsonNode?> ours = report.Ancestors.Select(ancestor => new JsonObject
        {
            ["ancestorRef"] = ancestor.Ref.ToJson(),
            ["controllerName"] = ancestor.ControllerName,
            ["conditions"] = Conditions(
                standing.FirstOrDefault(p => IsOurs(p) && Same(ancestor.Ref.ToJson(), p!["ancestorRef"])), ancestor.Conditions, report, now),
        });
        return new JsonArray([.. others, .. ours]);
    }

    private static JsonArray Features(JsonArray standing, StatusReport report) => report.SupportedFeatures is { } features
        ? new JsonArray([.. features.Select(static f => new JsonObject { ["name"] = f })])
        : (JsonArray)standing.DeepClone();

    private static JsonArray Listeners(JsonArray standing, StatusReport report, DateTimeOffset now) => report.Listeners.IsEmpty && report.Kind != "ListenerSet"
        ? (JsonArray)standing.DeepClone()
        : new JsonArray([.. report.Listeners.Select(listener => new JsonObject
        {
            ["name"] = listener.Name,
            ["supportedKinds"] = new JsonArray([.. listener.SupportedKinds.Select(kind => new JsonObject
            {
                ["group"] = kind[..kind.LastIndexOf('/')],
                ["kind"] = kind[(kind.LastIndexOf('/') + 1)..],
            })]),
            ["attachedRoutes"] = listener.AttachedRoutes,
            ["conditions"] = Conditions(
                standing.FirstOrDefault(l => l is JsonObject o && Text(o, "name") == listener.Name), listener.Conditions, report, now),
        })]);

    private static JsonArray Conditions(
        JsonNode? before, System.Collections.Immutable.ImmutableArray<Condition> conditions, StatusReport report, DateTimeOffset now)
    {
        var standing = before?["conditions"] as JsonArray;
        return ConditionMerge.Merge(standing, conditions, report.Generation, NoneRetired, now) ?? (JsonArray?)standing?.DeepClone() ?? [];
    }

    // Numbers that we wrote compare with numbers that were read only when both were read.
    private static bool Same(JsonNode ours, JsonNode? standing) => JsonNode.DeepEquals(JsonNode.Parse(ours.ToJsonString()), standing);

    private static bool IsOurs(JsonNode? parent) => parent is JsonObject o && Text(o, "controllerName") == StatusReport.Controller;

    private static string Text(JsonObject o, string field) => o[field] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
