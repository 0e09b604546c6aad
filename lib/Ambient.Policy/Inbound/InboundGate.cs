using System.Net;
using Ambient.Core;
using Ambient.Core.Addresses;
using Ambient.Core.Identity;
using Ambient.Core.Workloads;
using Ambient.Policy.Inbound;

namespace Ambient.Policy;

/// <summary>
/// Every yes or no about a connection that arrives at a workload, in this order (reference: hbone-and-ztunnel §4.2, §4.3):
/// <list type="number">
/// <item>the authority can be parsed (400);</item>
/// <item>the workload is known (503);</item>
/// <item>the source address is not one of a workload with another identity: a stolen key is of no use from elsewhere (401);</item>
/// <item>the authority means this workload, or something whose waypoint this workload is (400);</item>
/// <item>the port is served and is not a port of the proxy itself (503);</item>
/// <item>whom the peer speaks for, which is believed from a waypoint of the destination;</item>
/// <item>policy, with the real destination port (401).</item>
/// </list>
/// TLS comes before, connecting to the application after.
/// </summary>
public static class InboundGate
{
    private const int Ok = 200;
    private const int BadRequest = 400;
    private const int Unauthorized = 401;
    private const int Unavailable = 503;

    /// <param name="local">The workload whose proxy accepted; null when it is not known (yet).</param>
    /// <param name="remote">The other end of the tunnel's TCP connection.</param>
    /// <param name="acceptedOn">Address and port that the tunnel was accepted on.</param>
    /// <param name="authority">As received.</param>
    /// <param name="caller">As received under <see cref="MeshDefaults.CallerHeader"/>; null: nothing.</param>
    public static InboundDecision Hbone(
        MeshSnapshot snapshot, Workload? local, PeerIdentity peer, IPEndPoint remote, IPEndPoint acceptedOn, string authority, string? caller = null)
    {
        if (!ConnectAuthority.TryParse(authority, out ConnectAuthority asked))
        {
            return No(BadRequest, "the CONNECT authority is neither ip:port nor hostname:port");
        }

        if (local is null)
        {
            return No(Unavailable, "the workload of this proxy is not known yet");
        }

        if (AddressIdentity.Contradiction(snapshot, local.Network, peer, remote.Address) is { } contradiction)
        {
            return No(Unauthorized, contradiction);
        }

        AskedDestination destination = AskedDestination.Find(snapshot, local, acceptedOn.Address, asked);
        if (destination.Refusal is { } refusal)
        {
            return No(destination.Status, refusal);
        }

        IPEndPoint served = MappedAddresses.Unmap(new IPEndPoint(acceptedOn.Address, destination.Port));
        IPEndPoint target = local.ApplicationTunnel is { } tunnel ? new IPEndPoint(LoopbackOf(served), tunnel.Port) : served;
        if (ProxyPorts.IsIllegalDestination(served.Port) || ProxyPorts.IsIllegalDestination(target.Port))
        {
            return No(Unavailable, $"port {served.Port} belongs to the proxy itself");
        }

        var asserted = AssertedCaller.Of(snapshot, local, peer, remote.Address, served.Port, caller);
        Decision policy = PolicySet.For(snapshot, local).Decide(new ConnectionFacts(peer, remote.Address, served) { Caller = asserted.Caller });
        return new InboundDecision(
            policy.Allowed, policy.Allowed ? Ok : Unauthorized, policy.Allowed ? target : null, policy, policy.Reason, destination.Service)
        {
            Caller = asserted.Caller,
            CallerIgnored = asserted.Ignored,
        };
    }

    /// <summary>A connection that came without a tunnel: policy without identity, so that STRICT denies.</summary>
    /// <param name="originalDestination">Address and port that the caller connected to.</param>
    public static InboundDecision Plaintext(MeshSnapshot snapshot, Workload? local, IPEndPoint remote, IPEndPoint originalDestination)
    {
        if (ProxyPorts.IsIllegalDestination(originalDestination.Port))
        {
            return No(Unavailable, $"port {originalDestination.Port} belongs to the proxy itself");
        }

        if (local is null)
        {
            return No(Unavailable, "the workload of this proxy is not known yet");
        }

        IPEndPoint target = MappedAddresses.Unmap(originalDestination);
        Decision policy = PolicySet.For(snapshot, local)
            .Decide(new ConnectionFacts(PeerIdentity.Plaintext, remote.Address, target));
        return policy.Allowed
            ? new InboundDecision(true, Ok, target, policy, policy.Reason, null)
            : new InboundDecision(false, Unauthorized, null, policy, policy.Reason, null);
    }

    private static IPAddress LoopbackOf(IPEndPoint like) =>
        like.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

    private static InboundDecision No(int status, string reason) => new(false, status, null, null, reason, null);
}
