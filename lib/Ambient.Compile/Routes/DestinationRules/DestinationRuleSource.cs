using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>
/// A DestinationRule, read; what is in force when the newest version was refused is the last good one's. <paramref name="Host"/>: a full
/// name or a wildcard, empty when there never was a good version.
/// </summary>
internal sealed record DestinationRuleSource(
    SourceMeta Meta,
    string Host,
    ImmutableArray<string> ExportTo,
    WrittenPolicies? Policies,
    ImmutableArray<WrittenSubset> Subsets,
    Refusal? Refusal,
    ImmutableArray<Finding> Notes)
{
    /// <summary>Names of the Secrets that it needs, and whether of a name certificate and key are needed.</summary>
    public IEnumerable<(string Name, bool Pair)> Credentials => Subsets.Select(static s => s.Policies).Prepend(Policies).OfType<WrittenPolicies>()
        .SelectMany(static p => p.Ports.Values.Prepend(p.Policy)).Select(static p => p.Tls).OfType<UpstreamTls>()
        .Where(static t => t is { Credential: not null, Invalid: null })
        .GroupBy(static t => t.Credential!, StringComparer.Ordinal)
        .Select(static g => (g.Key, g.Any(static t => t.Mode == UpstreamTlsMode.Mutual)));
}
