using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Compile.Enrolment;
using Ambient.Compile.Gateways;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Offline;

/// <summary>
/// What the operator would create for the Gateways of manifests: a Service and one ready pod each, under the Gateway's name and service
/// account. A Gateway whose status says that it is not accepted or not programmed gets nothing, and one that files bring pods for gets no more.
/// </summary>
internal static class OfflineGateways
{
    public static IEnumerable<JsonObject> Of(IReadOnlyCollection<JsonObject> objects)
    {
        var known = objects.Select(static o => (Key: ObjectKey.Of(o), Content: o)).Where(static o => o.Key is not null)
            .Select(static o => (Key: o.Key!.Value, o.Content)).ToList();
        var names = known.Select(static o => o.Key).ToHashSet();
        var implemented = known.Where(static o => o.Key.Kind == KnownKinds.Pod).Select(static o => Implements(o.Key, o.Content)).OfType<ObjectKey>().ToHashSet();
        foreach (var (key, gateway) in known.Where(static o => o.Key.Kind == KnownKinds.Gateway))
        {
            if (gateway["spec"] is not JsonObject spec || !IsOurs(Text(spec["gatewayClassName"])) || SaysNo(gateway))
            {
                continue;
            }

            var listeners = known.Where(o => o.Key.Kind == KnownKinds.ListenerSet && IsParent(o.Key, o.Content, key)).Select(static o => o.Content["spec"] as JsonObject).Prepend(spec)
                .SelectMany(static s => (s?["listeners"] as JsonArray ?? []).OfType<JsonObject>()).ToList();
            if (listeners.Count == 0)
            {
                continue;
            }

            if (names.Add(key with { Kind = KnownKinds.Service }))
            {
                yield return Service(key, listeners);
            }

            if (!implemented.Contains(key))
            {
                yield return Pod(key);
            }
        }

        bool IsOurs(string @class) => GatewayClasses.RoleOf(@class, known.Where(o => o.Key == new ObjectKey(KnownKinds.GatewayClass, "", @class))
            .Select(static o => Text((o.Content["spec"] as JsonObject)?["controllerName"])).LastOrDefault()) != GatewayRole.Foreign;
    }

    private static bool SaysNo(JsonObject gateway) => (gateway["status"] as JsonObject)?["conditions"] is JsonArray conditions
        && conditions.OfType<JsonObject>().Any(static c => Text(c["type"]) is "Accepted" or "Programmed" && Text(c["status"]) == "False");

    /// <summary>Whether the Gateway takes the listeners is not asked: a port that nothing listens to does no harm here.</summary>
    private static bool IsParent(ObjectKey set, JsonObject content, ObjectKey gateway) => (content["spec"] as JsonObject)?["parentRef"] is JsonObject parent
        && Text(parent["name"]) == gateway.Name && (Text(parent["namespace"]) is { Length: > 0 } ns ? ns : set.Namespace) == gateway.Namespace;

    private static ObjectKey? Implements(ObjectKey pod, JsonObject content) =>
        (content["metadata"] as JsonObject)?["labels"] is JsonObject labels && Text(labels[EnrolmentLabels.GatewayName]) is { Length: > 0 } name
            ? new ObjectKey(KnownKinds.Gateway, pod.Namespace, name)
            : null;

    private static JsonObject Service(ObjectKey gateway, IEnumerable<JsonObject> listeners) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = Metadata(gateway),
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { [EnrolmentLabels.GatewayName] = gateway.Name },
            ["ports"] = new JsonArray([.. listeners.Select(static l => int.TryParse(l["port"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : 0)
                .Where(static p => p is > 0 and <= ushort.MaxValue).Distinct().Select(static p => new JsonObject { ["name"] = $"port-{p}", ["port"] = p })]),
        },
    };

    private static JsonObject Pod(ObjectKey gateway) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = Metadata(gateway),
        ["spec"] = new JsonObject { ["serviceAccountName"] = gateway.Name, ["containers"] = new JsonArray() },
        ["status"] = OfflineCluster.Running(),
    };

    private static JsonObject Metadata(ObjectKey gateway) => new()
    {
        ["name"] = gateway.Name,
        ["namespace"] = gateway.Namespace,
        ["labels"] = new JsonObject { [EnrolmentLabels.GatewayName] = gateway.Name, ["networking.istio.io/tunnel"] = "http" },
    };

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
