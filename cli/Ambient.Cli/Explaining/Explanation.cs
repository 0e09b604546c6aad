using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Core.Routes;
using Ambient.Policy;

namespace Ambient.Cli.Explaining;

/// <summary>The whole answer to "may this caller reach that, how, and who says so".</summary>
/// <param name="Route">The tcp or tls rule by which a waypoint chose; null when there is none.</param>
/// <param name="Backends">Where a waypoint sends the connection, as for requests; null where none is on the way.</param>
/// <param name="Status">What HBONE answers: 200, 400, 401 or 503; null when the mesh gives no answer.</param>
internal sealed record Explanation(
    Outcome Outcome,
    int? Status,
    string Reason,
    Caller From,
    Target To,
    ImmutableArray<Hop> Hops,
    MutualTls Mtls,
    ImmutableArray<PolicyVerdict> Policies,
    RouteOrigin? Route,
    JsonArray? Backends)
{
    /// <summary>Deny and refuse are answers, but negative ones.</summary>
    public int ExitCode => Outcome is Outcome.Deny or Outcome.Refuse ? ExitCodes.Negative : ExitCodes.Ok;
}
