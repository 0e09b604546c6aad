using System.Net;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Identity;
using Microsoft.Extensions.Primitives;

namespace Ambient.Waypoint.Requests.Arriving;

/// <summary>
/// Whose address <c>remoteIpBlocks</c> and <c>remote.ip</c> are about: the last entry of <c>X-Forwarded-For</c> where the caller is verified
/// as a gateway of this mesh (it writes that entry itself), the caller's own address everywhere else. What a gateway sends that cannot be
/// read is its own address: such a client is never taken for one nearby that the header could name.
/// </summary>
internal static class OriginalClient
{
    public static IPAddress? Of(MeshSnapshot snapshot, RequestConnection connection, StringValues forwardedFor)
    {
        if (forwardedFor.Count == 0 || connection.Caller.VerifiedId is not { } id || !IsGateway(snapshot, id))
        {
            return null;
        }

        ReadOnlySpan<char> lines = forwardedFor[^1];
        ReadOnlySpan<char> last = lines[(lines.LastIndexOf(',') + 1)..].Trim();
        return IPAddress.TryParse(last, out IPAddress? address) ? address : null;
    }

    // A created gateway runs as a service account of its own name.
    private static bool IsGateway(MeshSnapshot snapshot, SpiffeId id)
    {
        NamespacedName account = new(id.Namespace, id.ServiceAccount);
        return snapshot.Find<GatewayConfig>(account.ToString()) is { Role: not ProxyRole.Waypoint } gateway && gateway.ServiceAccount == account
            && (id.TrustDomain == snapshot.Settings.TrustDomain || snapshot.Settings.TrustDomainAliases.Contains(id.TrustDomain));
    }
}
