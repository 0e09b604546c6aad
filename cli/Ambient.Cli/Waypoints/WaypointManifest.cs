using System.Globalization;
using System.Text.Json.Nodes;

namespace Ambient.Cli.Waypoints;

/// <summary>The Gateway that a waypoint is asked for with. A null <paramref name="Replicas"/> leaves the number to the installation and to autoscalers.</summary>
internal sealed record WaypointManifest(string Namespace, string Name, string For, int? Replicas)
{
    public const string Class = "ambient-waypoint";

    public const string ForLabel = "ambient.dev/waypoint-for";

    private const string ReplicasAnnotation = "ambient.dev/replicas";

    public JsonObject ToJson()
    {
        var metadata = new JsonObject { ["name"] = Name, ["namespace"] = Namespace, ["labels"] = new JsonObject { [ForLabel] = For } };
        if (Replicas is { } replicas)
        {
            metadata["annotations"] = new JsonObject { [ReplicasAnnotation] = replicas.ToString(CultureInfo.InvariantCulture) };
        }

        return new JsonObject
        {
            ["apiVersion"] = "gateway.networking.k8s.io/v1",
            ["kind"] = "Gateway",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["gatewayClassName"] = Class,
                ["listeners"] = new JsonArray(new JsonObject { ["name"] = "mesh", ["port"] = 15008, ["protocol"] = "HBONE" }),
            },
        };
    }
}
