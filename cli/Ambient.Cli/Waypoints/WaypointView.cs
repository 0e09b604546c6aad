using System.Text.Json.Nodes;
using Ambient.Cli.Proxies;

namespace Ambient.Cli.Waypoints;

/// <summary>What a person wants to know of a waypoint. <paramref name="Users"/>: what labels bind to it, as <c>Namespace shop</c> or <c>Service shop/orders</c>.</summary>
internal sealed record WaypointView(
    string Namespace, string Name, string Class, string For, bool IsProgrammed, string Reason, string Message, string Address, int ReadyPods, int Pods, IReadOnlyList<string> Users)
{
    public static readonly string[] Classes = [WaypointManifest.Class, "istio-waypoint"];

    public static WaypointView Of(JsonObject gateway, int readyPods, int pods, IReadOnlyList<string> users)
    {
        JsonNode? metadata = gateway["metadata"];
        JsonNode? labels = metadata.Child("labels");
        var conditions = gateway["status"].Items("conditions").ToList();
        // What is not accepted says more than that it is therefore not programmed.
        JsonNode? told = conditions.Find(static c => c.Text("type") == "Accepted" && c.Text("status") == "False")
            ?? conditions.Find(static c => c.Text("type") == "Programmed");
        string @for = labels.Text(WaypointManifest.ForLabel);
        @for = @for.Length > 0 ? @for : labels.Text("istio.io/waypoint-for");
        return new WaypointView(
            metadata.Text("namespace"), metadata.Text("name"), gateway["spec"].Text("gatewayClassName"), @for.Length > 0 ? @for : "service",
            told?.Text("type") == "Programmed" && told.Text("status") == "True", told.Text("reason") is { Length: > 0 } reason ? reason : "Waiting",
            told is null ? "no operator has said anything about it yet" : told.Text("message"),
            string.Join(",", gateway["status"].Items("addresses").Select(static a => a.Text("value"))), readyPods, pods, users);
    }

    public JsonObject ToJson() => new()
    {
        ["namespace"] = Namespace,
        ["name"] = Name,
        ["class"] = Class,
        ["for"] = For,
        ["programmed"] = IsProgrammed,
        ["reason"] = Reason,
        ["message"] = Message,
        ["address"] = Address,
        ["readyPods"] = ReadyPods,
        ["pods"] = Pods,
        ["users"] = new JsonArray([.. Users.Select(static u => (JsonNode)u)]),
    };
}
