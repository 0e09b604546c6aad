using System.Collections.Immutable;
using Ambient.Core.Identity;

namespace Ambient.Identity.Trust;

/// <summary>Which trust domains count as this mesh's own.</summary>
/// <param name="TrustDomain">The mesh's trust domain; its own SVIDs are in it.</param>
/// <param name="Aliases">Further domains whose SVIDs are accepted, e.g. the old name while a mesh is renamed.</param>
public sealed record TrustPolicy(string TrustDomain, ImmutableArray<string> Aliases)
{
    public TrustPolicy(string trustDomain)
        : this(trustDomain, [])
    {
    }

    public bool Trusts(SpiffeId id) =>
        string.Equals(id.TrustDomain, TrustDomain, StringComparison.Ordinal) || (!Aliases.IsDefault && Aliases.Contains(id.TrustDomain));

    // Policies key caches of TLS options; two with the same names are the same policy.
    public bool Equals(TrustPolicy? other) =>
        other is not null && TrustDomain == other.TrustDomain && Named(Aliases).SequenceEqual(Named(other.Aliases));

    public override int GetHashCode() => HashCode.Combine(TrustDomain, Named(Aliases).Length);

    private static ImmutableArray<string> Named(ImmutableArray<string> aliases) => aliases.IsDefault ? [] : aliases;
}
