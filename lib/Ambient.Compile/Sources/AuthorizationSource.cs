using System.Collections.Immutable;
using Ambient.Core.Policies;
using Ambient.Resources.Istio;
using Ambient.Resources.Istio.Security;

namespace Ambient.Compile.Sources;

/// <summary>
/// An AuthorizationPolicy. <paramref name="Spec"/> is the version in force, null when there never was a good one; then
/// <paramref name="Selector"/> or <paramref name="References"/> are what could be read of whom it means (neither: its whole namespace).
/// </summary>
internal sealed record AuthorizationSource(
    SourceMeta Meta, AuthorizationPolicySpec? Spec, bool HasL7, IReadOnlyDictionary<string, string>? Selector, ImmutableArray<PolicyTargetReference> References,
    Refusal? Refusal)
{
    /// <summary>
    /// Key of what it becomes. One that was refused and never had a good version has a name of its own: it denies everything that the policy would
    /// have judged.
    /// </summary>
    public string PolicyKey { get; } = $"{Meta.Namespace}/{(Spec is null ? PolicyOrigin.RefusedPrefix : "")}{Meta.Name}";

    /// <summary>A denial that a node proxy can judge in full: it stays with it even where a waypoint stands before the workload.</summary>
    public bool ReachesBehindWaypoint => (Spec is null && !HasTargets) || (Spec?.Action == "DENY" && !HasL7 && !HasTargets && !SeesSourceAddress);

    /// <summary>What stands at a workload behind a waypoint sees the waypoint's address, not the client's.</summary>
    public bool SeesSourceAddress { get; } = (Spec?.Rules ?? []).Any(static r =>
        (r.When ?? []).Any(static w => w.Key == "source.ip")
        || (r.From ?? []).Any(static f => f.Source is { IpBlocks.Count: > 0 } or { NotIpBlocks.Count: > 0 }));

    /// <summary>Only noted, where requests are seen: node proxies do nothing by it.</summary>
    public bool IsAudit => Spec?.Action == "AUDIT";

    /// <summary>Somebody else decides, whom only a waypoint can ask.</summary>
    public bool IsCustom => Spec?.Action == "CUSTOM";

    public bool HasTargets => !References.IsEmpty;
}
