using System.Text.Json.Nodes;

namespace Ambient.Lab.Controlling;

/// <summary>Conditions of a status.</summary>
internal static class Conditions
{
    public static JsonObject Of(string type, bool met, string reason, string message, DateTimeOffset now) => new()
    {
        ["type"] = type,
        ["status"] = met ? "True" : "False",
        ["reason"] = reason,
        ["message"] = message,
        ["lastTransitionTime"] = KubeTime.Text(now),
        ["lastUpdateTime"] = KubeTime.Text(now),
    };

    /// <summary>Where a condition is what it was, its times are too.</summary>
    public static void KeepTimes(JsonArray? before, JsonArray? after)
    {
        foreach (var condition in after?.OfType<JsonObject>() ?? [])
        {
            var old = before?.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == (string?)condition["type"]);
            if (old is null || (string?)old["status"] != (string?)condition["status"])
            {
                continue;
            }

            condition["lastTransitionTime"] = old["lastTransitionTime"]?.DeepClone();
            if (old["lastUpdateTime"] is { } updated && (string?)old["message"] == (string?)condition["message"] && (string?)old["reason"] == (string?)condition["reason"])
            {
                condition["lastUpdateTime"] = updated.DeepClone();
            }
        }
    }
}
