using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;

namespace Ambient.Cli.Compiling;

/// <summary>Conditions, parents and listeners with the names of metav1.Condition and of Gateway API v1's status types.</summary>
internal static class StatusJson
{
    public static JsonArray Of(ImmutableArray<Condition> conditions, long generation) => new([.. conditions.Select(c => new JsonObject
    {
        ["type"] = c.Type,
        ["status"] = c.Status,
        ["observedGeneration"] = generation,
        ["reason"] = c.Reason,
        ["message"] = c.Message,
    })]);

    public static JsonNode Of(ParentReport parent, long generation) => new JsonObject
    {
        ["parentRef"] = parent.Ref.ToJson(),
        ["controllerName"] = parent.ControllerName,
        ["conditions"] = Of(parent.Conditions, generation),
    };

    public static JsonNode OfAncestor(ParentReport ancestor, long generation) => new JsonObject
    {
        ["ancestorRef"] = ancestor.Ref.ToJson(),
        ["controllerName"] = ancestor.ControllerName,
        ["conditions"] = Of(ancestor.Conditions, generation),
    };

    public static JsonNode Of(ListenerReport listener, long generation) => new JsonObject
    {
        ["name"] = listener.Name,
        ["supportedKinds"] = new JsonArray([.. listener.SupportedKinds.Select(kind => new JsonObject
        {
            ["group"] = kind[..kind.LastIndexOf('/')],
            ["kind"] = kind[(kind.LastIndexOf('/') + 1)..],
        })]),
        ["attachedRoutes"] = listener.AttachedRoutes,
        ["conditions"] = Of(listener.Conditions, generation),
    };
}
