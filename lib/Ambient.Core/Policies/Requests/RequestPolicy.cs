using System.Collections.Immutable;
using Ambient.Core.Mesh;

namespace Ambient.Core.Policies.Requests;

/// <summary>
/// An AuthorizationPolicy as it was written, for where requests are seen. A policy without rules matches nothing (an ALLOW then allows
/// nothing); a rule without fields matches everything.
/// </summary>
public sealed record RequestPolicy : ProxyResource
{
    public override string Type => nameof(RequestPolicy);

    public required NamespacedName Name { get; init; }

    public required RequestPolicyAction Action { get; init; }

    public ImmutableArray<RequestRule> Rules { get; init; } = [];

    public ImmutableArray<RequestPolicyTarget> Targets { get; init; } = [];

    /// <summary>Labels that a workload carries to be meant, for <see cref="RequestPolicyTargetKind.Selected"/>; not empty there.</summary>
    public ImmutableSortedDictionary<string, string> Selector { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Evaluated and reported, never enforced.</summary>
    public bool DryRun { get; init; }

    /// <summary>Name of the authorization provider, for <see cref="RequestPolicyAction.Custom"/>.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Null: AuthorizationPolicy of the same name.</summary>
    public PolicyOrigin? Origin { get; init; }

    public override string Key => Name.ToString();
}
