using System.Collections.Immutable;
using Ambient.Core.Addresses;
using Ambient.Core.Services;

namespace Ambient.Core;

/// <summary>
/// Which service an address means when several claim it (reference: hbone-and-ztunnel §4.1). For an exact VIP: visible to the
/// client, then of the client's namespace, then canonical, then the first. For ranges: visible, then of the client's namespace, then
/// the longest prefix, then canonical, then the first.
/// </summary>
internal static class ServiceChoice
{
    public static MeshService? Among(ImmutableArray<MeshService> claimants, string clientNamespace)
    {
        MeshService? best = null;
        foreach (MeshService service in claimants)
        {
            if (IsVisible(service, clientNamespace)
                && (best is null || Rank(service, clientNamespace) > Rank(best, clientNamespace)))
            {
                best = service;
            }
        }

        return best;
    }

    public static MeshService? InRanges(CidrMap<MeshService> ranges, AddressKey address, string clientNamespace)
    {
        MeshService? best = null;
        foreach (CidrMap<MeshService>.LengthInUse length in ranges.LengthsFor(address.Network, address.Address.IsIPv4))
        {
            if (!ranges.TryFind(address.Network, address.Address, length.PrefixLength, out ImmutableArray<MeshService> claimants)
                || Among(claimants, clientNamespace) is not { } found)
            {
                continue;
            }

            // Longest prefix first: a shorter one only wins by being the client's own.
            if (IsOwn(found, clientNamespace))
            {
                return found;
            }

            best ??= found;
        }

        return best;
    }

    public static bool IsVisible(MeshService service, string clientNamespace) =>
        service.Visibility == ServiceVisibility.Public || IsOwn(service, clientNamespace);

    private static bool IsOwn(MeshService service, string clientNamespace) =>
        string.Equals(service.Namespace, clientNamespace, StringComparison.Ordinal);

    private static int Rank(MeshService service, string clientNamespace) =>
        (IsOwn(service, clientNamespace) ? 2 : 0) + (service.Canonical ? 1 : 0);
}
