using System.Collections.Frozen;

namespace Ambient.Compile.Reports;

/// <summary>For each code what it is about and what usually helps; docs/analyze.md has the same list.</summary>
public static class FindingHelp
{
    private static readonly FrozenDictionary<string, (string Title, string Fix)> Known = new Dictionary<string, (string, string)>
    {
        [FindingCodes.InvalidField] = ("a field has an impossible value", "correct the field that is named; the message says what it may be"),
        [FindingCodes.UnknownField] = ("a field that the kind does not have", "correct the spelling, or remove the field"),
        [FindingCodes.InvalidObject] = ("not readable as a Kubernetes object", "repair the document at the line that is named"),
        [FindingCodes.RefusedDenies] = ("a refused policy denies until it is repaired", "repair what the other findings of this object name"),
        [FindingCodes.LastGoodKept] = ("a refused change: the last good version stays in force", "repair what the other findings of this object name"),
        [FindingCodes.UnknownKind] = ("a kind that its API group does not have", "correct kind or apiVersion"),
        [FindingCodes.DuplicateObject] = ("one object stands more than once", "remove all but one"),
        [FindingCodes.DeprecatedField] = ("a field that has a newer name", "use the new name; the old one works the same until then"),
        [FindingCodes.PrincipalWithScheme] = ("a principal with spiffe://", "write it without the scheme: trust-domain/ns/NAMESPACE/sa/ACCOUNT"),
        [FindingCodes.PolicySelectsNothing] = ("a policy that selects no workload", "correct the labels of the selector, or the policy's namespace"),
        [FindingCodes.L7WithoutWaypoint] = ("a policy with L7 attributes where no waypoint is", "bind a waypoint to the workloads, or use attributes that connections have"),
        [FindingCodes.UnsupportedAction] = ("an action that is not supported", "use ALLOW or DENY"),
        [FindingCodes.AllowsUnauthenticated] = ("an ALLOW rule that a caller without identity satisfies", "add principals: [\"*\"] to the source"),
        [FindingCodes.NeverMatches] = ("a policy that never matches", "write rules: [{}] for everything, or {*} for one segment of a path"),
        [FindingCodes.TokenKeyIgnored] = ("a key that verifies nothing", "remove it, or replace it by one with a supported algorithm"),
        [FindingCodes.PolicyDeniesAll] = ("a policy that denies all that it means", "keep it if that is meant; otherwise give the rule fields, or add an ALLOW policy for what may pass"),
        [FindingCodes.RuleCannotMatch] = ("a rule that nobody can fit", "correct the value that is named, or remove the rule"),
        [FindingCodes.PeerAuthenticationIgnored] = ("a PeerAuthentication, or a part of it, that does not count", "merge it with the one that counts"),
        [FindingCodes.PeerAuthenticationSelectsNothing] = ("a PeerAuthentication that selects no workload", "correct the labels of the selector"),
        [FindingCodes.PlaintextCallers] = ("callers that STRICT mutual TLS will refuse", "enrol the callers, or set mode PERMISSIVE until they are"),
        [FindingCodes.DuplicateAddress] = ("two objects claim one address", "give each its own; the first keeps it until then"),
        [FindingCodes.DuplicateHost] = ("two objects claim one host", "rename one; the message says which one counts"),
        [FindingCodes.UnsupportedResolution] = ("a resolution that is not supported here", "use the one that the message names"),
        [FindingCodes.NotEnrollable] = ("labels ask to enrol a pod that cannot be", "remove the label, or what keeps the pod out"),
        [FindingCodes.WaypointMissing] = ("bound to a waypoint that does not exist", "create the Gateway, or remove the label: traffic is refused until then"),
        [FindingCodes.GatewayNotProgrammed] = ("a Gateway or route that no proxy applies yet", "look at the Gateway's status and pods; bind a waypoint to the service"),
        [FindingCodes.NotAttached] = ("a route or policy whose parent or target is not there, or does not take it", "create the parent, correct its name, or allow the route at its listener"),
        [FindingCodes.BackendUnresolved] = ("a backend that cannot be used", "create the Service, its port or the subset, or correct the name: its share of the requests fails"),
        [FindingCodes.NeedsWaypoint] = ("accepted, and without effect in this version", "remove it, or use what the message names"),
        [FindingCodes.UnknownLabelValue] = ("a label with a value that it does not have", "write one of the values that the message names"),
        [FindingCodes.WaypointAccountShared] = ("a pod under a waypoint's service account", "give the pod a service account of its own"),
        [FindingCodes.WaypointAmongApplications] = ("a waypoint in one namespace with applications", "put the waypoint into a namespace of its own and bind it by ambient.dev/use-waypoint-namespace, or restrict who may create pods"),
        [FindingCodes.RouteWithoutWaypoint] = ("routes of a service that no waypoint stands before", "ambientctl waypoint apply -n NAMESPACE --enrol-namespace, or the label ambient.dev/use-waypoint"),
        [FindingCodes.WaypointCanary] = ("a canary of a waypoint that cannot be used", "correct what the message names; until then all connections go to the first waypoint"),
        [FindingCodes.MoreThanOneMesh] = ("more than one Mesh", "keep one"),
        [FindingCodes.RouteOutranked] = ("two formats claim one host", "keep one of them; docs/route-precedence.md says which one decides"),
        [FindingCodes.RouteHostShared] = ("several resources of one format speak for a host", "merge them into one, so that their order is what is written"),
        [FindingCodes.RouteNeverReached] = ("a rule that no request can reach", "move it before the rule that is named, narrow that one, or remove it"),
        [FindingCodes.RouteHostUnknown] = ("a host that no service has", "create the Service or ServiceEntry, or correct the host"),
        [FindingCodes.UnsupportedRouteField] = ("a field that has no effect here", "use what the message names, or remove it"),
        [FindingCodes.WeightsNotHundred] = ("weights that do not sum to 100", "correct them if percentages were meant"),
        [FindingCodes.SubsetWithoutPods] = ("a subset without endpoints", "correct the labels, or deploy pods that carry them"),
        [FindingCodes.TelemetryConflict] = ("several Telemetry resources for one namespace", "merge them; the oldest counts until then"),
        [FindingCodes.TelemetryWithoutEffect] = ("a part of a Telemetry resource without effect", "remove it, or use what the message names"),
        [FindingCodes.TracingProviderUnknown] = ("spans for which no receiver is declared", "declare the provider in the Mesh"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every code that there is.</summary>
    public static IEnumerable<string> Codes => Known.Keys.Order(StringComparer.Ordinal);

    public static string TitleOf(string code) => Known.TryGetValue(code, out var known) ? known.Title : "";

    public static string FixOf(string code) => Known.TryGetValue(code, out var known) ? known.Fix : "";
}
