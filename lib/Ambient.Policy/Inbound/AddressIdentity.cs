using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Inbound;

/// <summary>
/// A verified identity must not speak from an address that is known to be somebody else's. An address that nobody claims says
/// nothing (a host-network pod, another network, a pod so new that discovery has not told of it).
/// </summary>
internal static class AddressIdentity
{
    /// <summary>Null when identity and address go together.</summary>
    public static string? Contradiction(MeshSnapshot snapshot, string network, PeerIdentity peer, IPAddress source)
    {
        if (peer.VerifiedId is not { } id)
        {
            return null;
        }

        ImmutableArray<Workload> claimants = snapshot.WorkloadsByAddress(new NetworkAddress(network, source));
        foreach (Workload claimant in claimants)
        {
            if (IsIdentityOf(id, claimant, snapshot.Settings))
            {
                return null;
            }
        }

        return claimants is [.., var owner]
            ? $"refused: {id} was presented from {source}, which belongs to {owner.Uid} ({owner.Namespace}/{owner.ServiceAccount})"
            : null;
    }

    public static bool IsIdentityOf(SpiffeId id, Workload workload, MeshSettings settings) =>
        string.Equals(id.Namespace, workload.Namespace, StringComparison.Ordinal)
        && string.Equals(id.ServiceAccount, workload.ServiceAccount, StringComparison.Ordinal)
        && (string.Equals(id.TrustDomain, workload.TrustDomain, StringComparison.Ordinal)
            || (IsOwn(id.TrustDomain, settings) && IsOwn(workload.TrustDomain, settings)));

    private static bool IsOwn(string trustDomain, MeshSettings settings) =>
        string.Equals(trustDomain, settings.TrustDomain, StringComparison.Ordinal)
        || settings.TrustDomainAliases.Contains(trustDomain, StringComparer.Ordinal);
}
