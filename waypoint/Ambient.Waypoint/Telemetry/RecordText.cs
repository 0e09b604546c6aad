using System.Globalization;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Telemetry;

/// <summary>Words for a request as Envoy's users know them.</summary>
internal static class RecordText
{
    /// <summary><c>via_upstream</c> when an endpoint answered, else why we did; null without an answer.</summary>
    internal static string? CodeDetails(RequestRecord record) => record.Reason ?? (record.Status > 0 ? "via_upstream" : null);

    /// <summary><c>outbound|PORT|SUBSET|HOST</c>; null when no backend was chosen.</summary>
    internal static string? Cluster(RequestRecord record) =>
        record.Cluster is { } cluster ? ClusterName.Of(cluster) : null;

    /// <summary><c>KIND namespace/name rule N</c>; null without a route.</summary>
    internal static string? Route(RequestRecord record) => record.Route?.ToString();

    /// <summary>Null when no policy decided.</summary>
    internal static string? Policy(RequestRecord record) => record.Policy is not { } policy ? null
        : record.PolicyRule < 0 ? policy.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{policy} rule {record.PolicyRule}");

    /// <summary>Why no endpoint answered, where that is how it ended.</summary>
    internal static string? TransportFailure(RequestRecord record) =>
        (record.Flags & (ResponseFlags.UpstreamConnectionFailure | ResponseFlags.UpstreamConnectionTermination | ResponseFlags.UpstreamRemoteReset)) != 0
            ? record.Detail
            : null;
}
