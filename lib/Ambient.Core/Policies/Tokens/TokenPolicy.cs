using System.Collections.Immutable;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;

namespace Ambient.Core.Policies.Tokens;

/// <summary>
/// A RequestAuthentication (security.istio.io): which JSON Web Tokens the requests to its targets may carry. A request without token passes,
/// one with a bad token does not.
/// </summary>
public sealed record TokenPolicy : ProxyResource
{
    public override string Type => nameof(TokenPolicy);

    public required NamespacedName Name { get; init; }

    public ImmutableArray<TokenRule> Rules { get; init; } = [];

    public ImmutableArray<RequestPolicyTarget> Targets { get; init; } = [];

    /// <summary>Labels of the workloads meant, for the target kind <see cref="RequestPolicyTargetKind.Selected"/>.</summary>
    public ImmutableSortedDictionary<string, string> Selector { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Set for a policy that was refused and never was good: nobody knows what it would have checked, so every request is refused.</summary>
    public string? Refused { get; init; }

    /// <summary>Null: RequestAuthentication of the same name.</summary>
    public PolicyOrigin? Origin { get; init; }

    public override string Key => Name.ToString();
}
