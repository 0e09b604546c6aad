using System.Collections.Immutable;
using Ambient.Compile.Authorization;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core.Policies.Tokens;
using Ambient.Resources.Istio;

namespace Ambient.Compile.Tokens;

/// <summary>
/// A RequestAuthentication. The rules are those in force, null when there never was a good version; then <paramref name="Selector"/> is what could
/// be read of whom it means (null: its whole namespace).
/// </summary>
internal sealed record TokenSource(
    SourceMeta Meta,
    ImmutableArray<TokenRule>? Rules,
    ImmutableArray<PolicyTargetReference> References,
    IReadOnlyDictionary<string, string>? Selector,
    Refusal? Refusal,
    ImmutableArray<Finding> Notes)
{
    public bool HasTargets => !References.IsEmpty;

    /// <summary>The objects that it is attached to.</summary>
    public IEnumerable<ObjectKey> Targets => References.Select(r => PolicyTargets.KeyOf(r, Meta.Namespace)).OfType<ObjectKey>().Distinct();
}
