using System.Collections.Immutable;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Tokens;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Matching;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>One request as the proxy that looks into it has it.</summary>
/// <param name="Service">That was addressed; null for a workload's own address, or at a gateway.</param>
/// <param name="Destination">The workload that was addressed by its own address; null otherwise.</param>
internal sealed record Asked(
    Question Question, RequestTarget Url, Caller Caller, RequestFacts Facts, CanonicalTarget Canonical, MeshService? Service, Workload? Destination)
{
    /// <summary>What its tokens change of it, once it is let through.</summary>
    public ImmutableArray<TokenResult> Tokens { get; init; } = [];

    /// <summary>With its question mark, as it goes on.</summary>
    public string Query
    {
        get
        {
            string query = Tokens.Aggregate(Canonical.Query, static (left, token) => token.QueryWithout(left));
            return query.Length > 0 || (Canonical.HasQuery && query.Length == Canonical.Query.Length) ? "?" + query : "";
        }
    }
}
