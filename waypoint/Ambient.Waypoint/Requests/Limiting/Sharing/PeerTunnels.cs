using System.Net;
using Ambient.Core;
using Ambient.Core.Addresses;
using Ambient.Hbone.Connect;
using Ambient.Policy;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>
/// Tunnels between the replicas of a Gateway: a CONNECT to the HBONE port of the process itself. Only who has the Gateway's identity and comes from the
/// address of one of its replicas is answered.
/// </summary>
internal sealed class PeerTunnels(WaypointContext context, SharedLimits limits) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PeerCounter _counter = new(limits.Buckets);

    internal static bool IsForReplicas(WaypointState state, string authority) =>
        state.Self is { } self && IPEndPoint.TryParse(authority, out IPEndPoint? asked)
        && asked.Port == ProxyPorts.Hbone && self.Addresses.Contains(MappedAddresses.Unmap(asked).Address);

    /// <summary>Why the tunnel's other end is no replica; null: it is one.</summary>
    internal string? WhyNot(WaypointState state, IncomingConnect connect, IPEndPoint remote) =>
        connect.Peer.VerifiedId != context.Identity ? "only replicas of this gateway may ask"
        : WaypointGate.Contradiction(state.Snapshot, state.Self?.Network ?? "", connect.Peer, remote) is { } contradiction ? contradiction
        : !limits.Now.Others.Contains(remote.Address) ? "no replica of this gateway has the address"
        : null;

    internal async Task ServeAsync(IncomingConnect connect)
    {
        HboneStream stream = await connect.AcceptAsync();
        await using (stream)
        {
            try
            {
                await _counter.ServeAsync(stream, _stop.Token);
                await stream.Output.CompleteAsync();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // the other replica, or this one, ends
            }
        }
    }

    /// <summary>Where another replica answers.</summary>
    internal static UpstreamKey KeyOf(WaypointContext context, IPAddress replica)
    {
        var address = new IPEndPoint(replica, ProxyPorts.Hbone);
        return new UpstreamKey { Authority = address.ToString(), Address = address, Tunnel = address, Expected = [context.Identity] };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await limits.DisposeAsync();
        _stop.Dispose();
    }
}
