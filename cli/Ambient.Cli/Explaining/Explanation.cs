using System.Collections.Immutable;
using Ambient.Policy;

namespace Ambient.Cli.Explaining;

/// <summary>The whole answer to "may this caller reach that, how, and who says so".</summary>
/// <param name="Status">What HBONE answers: 200, 400, 401 or 503; null when the mesh gives no answer.</param>
internal sealed record Explanation(
    Outcome Outcome,
    int? Status,
    string Reason,
    Caller From,
    Target To,
    ImmutableArray<Hop> Hops,
    MutualTls Mtls,
    ImmutableArray<PolicyVerdict> Policies)
{
    /// <summary>Deny and refuse are answers, but negative ones.</summary>
    public int ExitCode => Outcome is Outcome.Deny or Outcome.Refuse ? ExitCodes.Negative : ExitCodes.Ok;
}
