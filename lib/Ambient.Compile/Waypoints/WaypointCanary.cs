using System.Globalization;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core.Services;

namespace Ambient.Compile.Waypoints;

/// <summary>
/// The second waypoint that a Service or ServiceEntry names, which is to get a share of the new connections beside the first. What cannot be used changes
/// nothing: all connections go to the first.
/// </summary>
/// <param name="Weight">0 to 100; the first waypoint has the rest.</param>
/// <param name="Reason">Why it is not used, for the condition; empty: it is.</param>
internal sealed record WaypointCanary(WaypointBinding Waypoint, uint Weight, string Reason, string Message)
{
    private const string Label = "use-waypoint-canary";
    private const string WeightAnnotation = "use-waypoint-canary-weight";

    public bool InForce => Reason.Length == 0;

    /// <summary>The Gateway that labels name: of the object itself where it names its waypoint itself, else of its namespace.</summary>
    public static ObjectKey? NamedBy(MeshIndex index, SourceMeta meta) =>
        Giver(index, meta) is { } giver && WaypointBinding.Labelled(giver, meta.Namespace, Label) is { Name: not "none" } gateway ? gateway : null;

    /// <summary>Null when none is named, or the service has no waypoint beside which it could stand.</summary>
    public static WaypointCanary? Of(MeshIndex index, SourceMeta meta, WaypointBinding? first)
    {
        if (first is not { ForServices: true } || NamedBy(index, meta) is not { } gateway)
        {
            return null;
        }

        string text = WeightText(Giver(index, meta)!);
        uint weight = 0;
        bool isWeight = text.Length == 0 || (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out weight) && weight <= 100);
        var canary = WaypointBinding.To(index, gateway);
        (string reason, string message) = canary switch
        {
            _ when gateway == first.Gateway => ("CanarySameAsPrimary", $"the canary is the waypoint {first.Name} itself"),
            _ when !isWeight => ("CanaryInvalidWeight", $"the canary's weight '{text}' is no integer from 0 to 100"),
            null or { ForServices: false } => ("CanaryUnsupportedTrafficType", $"the canary {gateway.Namespace}/{gateway.Name} takes no traffic for services"),
            { Exists: false } => ("CanaryMissing", $"the canary {gateway.Namespace}/{gateway.Name} does not exist"),
            _ => ("", $"{weight} % of new connections go to {gateway.Namespace}/{gateway.Name}"),
        };
        return new WaypointCanary(canary ?? first, weight, reason, message);
    }

    /// <summary>For the node proxies of callers.</summary>
    public static WeightedWaypoint[] Shares(WaypointBinding? first, WaypointCanary? canary) => first is null || canary is not { InForce: true }
        ? []
        : [new WeightedWaypoint(first.Address, 100 - canary.Weight), new WeightedWaypoint(canary.Waypoint.Address, canary.Weight)];

    private static SourceMeta? Giver(MeshIndex index, SourceMeta meta) => WaypointBinding.NamesItself(meta) ? meta : index.NamespaceOf(meta.Namespace);

    private static string WeightText(SourceMeta giver) => giver.Annotation("ambient.dev/" + WeightAnnotation) is { Length: > 0 } own
        ? own
        : giver.Annotation("istio.io/" + WeightAnnotation);
}
