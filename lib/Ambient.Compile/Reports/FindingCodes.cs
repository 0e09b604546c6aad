namespace Ambient.Compile.Reports;

/// <summary>Stable codes: 01xx objects, 02xx authorization, 03xx peer authentication, 04xx addresses and services, 05xx enrolment and waypoints, 08xx telemetry.</summary>
public static class FindingCodes
{
    /// <summary>A field has an impossible value; the object is refused.</summary>
    public const string InvalidField = "AMB0101";

    /// <summary>A field that the kind does not have; a security resource is refused.</summary>
    public const string UnknownField = "AMB0102";

    /// <summary>Not readable as a Kubernetes object.</summary>
    public const string InvalidObject = "AMB0103";

    /// <summary>A refused resource denies traffic until it is repaired.</summary>
    public const string RefusedDenies = "AMB0104";

    /// <summary>A refused change: the last good version stays in force.</summary>
    public const string LastGoodKept = "AMB0105";

    public const string PrincipalWithScheme = "AMB0201";

    public const string PolicySelectsNothing = "AMB0202";

    /// <summary>L7 attributes where no waypoint is: an ALLOW rule can never match, a DENY rule denies more.</summary>
    public const string L7WithoutWaypoint = "AMB0203";

    public const string UnsupportedAction = "AMB0204";

    /// <summary>An ALLOW rule that a caller without identity satisfies.</summary>
    public const string AllowsUnauthenticated = "AMB0205";

    /// <summary>A DENY policy without rules, or a path with a star in its middle: it will never match.</summary>
    public const string NeverMatches = "AMB0206";

    /// <summary>A key of a RequestAuthentication that verifies nothing.</summary>
    public const string TokenKeyIgnored = "AMB0207";

    public const string PeerAuthenticationIgnored = "AMB0301";

    public const string PeerAuthenticationSelectsNothing = "AMB0302";

    public const string DuplicateAddress = "AMB0401";

    public const string DuplicateHost = "AMB0402";

    public const string UnsupportedResolution = "AMB0403";

    /// <summary>One object stands twice in what was read.</summary>
    public const string DuplicateObject = "AMB0107";

    /// <summary>A label that enrols, with a value that it does not have.</summary>
    public const string UnknownLabelValue = "AMB0507";

    public const string NotEnrollable = "AMB0501";

    public const string WaypointMissing = "AMB0502";

    /// <summary>A Gateway whose pods are not ready or cannot be made, or a route that no proxy applies.</summary>
    public const string GatewayNotProgrammed = "AMB0503";

    /// <summary>A route or policy whose parent or target is not there, or does not take it.</summary>
    public const string NotAttached = "AMB0504";

    /// <summary>A backend that cannot be used.</summary>
    public const string BackendUnresolved = "AMB0505";

    /// <summary>Accepted, but not in effect in this version, mostly for want of the L7 waypoint.</summary>
    public const string NeedsWaypoint = "AMB0506";

    /// <summary>A kind that its API group does not have.</summary>
    public const string UnknownKind = "AMB0106";

    /// <summary>Two formats claim a host; one of them decides (docs/route-precedence.md).</summary>
    public const string RouteOutranked = "AMB0701";

    /// <summary>Several resources of one format speak for a host.</summary>
    public const string RouteHostShared = "AMB0702";

    /// <summary>A rule that no request can reach.</summary>
    public const string RouteNeverReached = "AMB0703";

    /// <summary>A host that no service has.</summary>
    public const string RouteHostUnknown = "AMB0704";

    /// <summary>A field of a routing resource that has no effect here.</summary>
    public const string UnsupportedRouteField = "AMB0705";

    /// <summary>Several Telemetry resources speak for one namespace: the oldest counts.</summary>
    public const string TelemetryConflict = "AMB0801";

    /// <summary>A part of a Telemetry resource that has no effect here.</summary>
    public const string TelemetryWithoutEffect = "AMB0802";

    /// <summary>Spans for which no receiver is declared.</summary>
    public const string TracingProviderUnknown = "AMB0803";

    /// <summary>Weights that do not sum to 100.</summary>
    public const string WeightsNotHundred = "AMB0706";

    /// <summary>A subset of which no endpoint is.</summary>
    public const string SubsetWithoutPods = "AMB0707";

    /// <summary>A field that has a newer name.</summary>
    public const string DeprecatedField = "AMB0108";

    /// <summary>A policy that denies all that it means.</summary>
    public const string PolicyDeniesAll = "AMB0208";

    /// <summary>A rule of a policy that no caller or request can fit.</summary>
    public const string RuleCannotMatch = "AMB0209";

    /// <summary>Callers that STRICT mutual TLS will refuse.</summary>
    public const string PlaintextCallers = "AMB0303";

    /// <summary>A pod that runs under a waypoint's service account and is none of its pods.</summary>
    public const string WaypointAccountShared = "AMB0508";

    /// <summary>A waypoint in one namespace with applications: whoever creates pods there can take its account.</summary>
    public const string WaypointAmongApplications = "AMB0509";

    /// <summary>Routes or backend policies of a service that no waypoint stands before.</summary>
    public const string RouteWithoutWaypoint = "AMB0510";

    /// <summary>A canary of a waypoint that cannot be used.</summary>
    public const string WaypointCanary = "AMB0511";

    public const string MoreThanOneMesh = "AMB0601";
}
