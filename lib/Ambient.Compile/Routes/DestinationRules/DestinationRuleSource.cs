using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

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
    ImmutableArray<Finding> Notes);
