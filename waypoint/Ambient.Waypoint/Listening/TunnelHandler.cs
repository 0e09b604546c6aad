using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Egress;
using Ambient.Core.Addresses;
using Ambient.Core.Services;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Headers;
using Ambient.Policy;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Listening.Gateways;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Requests.Limiting.Sharing;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening;

/// <summary>
/// What a tunnelled connection meets, in order:
/// <list type="number">
/// <item>the mesh is known, and there is room: else 503;</item>
/// <item>from a replica of this gateway it is about limits that they count together;</item>
/// <item>for a listener of this gateway it meets that;</item>
/// <item>else it is for something that is bound to this waypoint (<see cref="WaypointGate"/>): else 4xx and a log line;</item>
/// <item>200; then its first bytes say what it speaks, where the port does not;</item>
/// <item>HTTP goes to Kestrel and the pipeline, anything else is passed on by its rules.</item>
/// </list>
/// </summary>
internal sealed class TunnelHandler(WaypointContext context, TunnelConnections connections, GatewayTunnels gateway, PeerTunnels replicas) : IConnectHandler
{
    private readonly ILogger _log = context.Loggers.CreateLogger("ambient.listener");
    private int _open;

    internal int Open => Volatile.Read(ref _open);

    public async ValueTask HandleAsync(IncomingConnect connect, CancellationToken ct)
    {
        int open = Interlocked.Increment(ref _open);
        try
        {
            if (!context.Mesh.IsReady || open > context.Config.MaxConnections)
            {
                await RefuseAsync(connect, 503, context.Mesh.IsReady ? "too many connections" : "the mesh is not known yet");
                return;
            }

            await RunAsync(connect);
        }
        catch (Exception e)
        {
            ListenerLog.Failed(_log, e, connect.Request.Authority);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task RunAsync(IncomingConnect connect)
    {
        WaypointState state = context.Mesh.Current;
        string network = state.Self?.Network ?? "";
        IPEndPoint remote = MappedAddresses.Unmap(connect.Remote);
        if (PeerTunnels.IsForReplicas(state, connect.Request.Authority))
        {
            await ServeReplicaAsync(state, connect, remote);
            return;
        }

        if (GatewayTunnels.IsForListener(state, connect.Request.Authority, out IPEndPoint? listener))
        {
            if (GatewayTunnels.WhyNot(state, connect, remote) is { } why)
            {
                await RefuseAsync(connect, 401, why);
                return;
            }

            await gateway.ServeAsync(connect, remote, listener!);
            return;
        }

        WaypointDecision decision = WaypointGate.Decide(
            state.Snapshot, context.Config.Gateway, network, connect.Peer, remote, connect.Request.Authority);
        if (!decision.Allowed)
        {
            await RefuseAsync(connect, decision.Status, decision.Reason);
            return;
        }

        if (CallerWorkloads.Find(state, connect.Peer, remote.Address) is { } caller && decision.Service is { } asked
            && EgressView.Of(state.Snapshot, caller).Against(asked, decision.Port) is { } hidden)
        {
            await RefuseAsync(connect, 401, hidden);
            return;
        }

        RequestConnection request = ConnectionOf(state, connect, decision, remote);
        HboneStream stream = await connect.AcceptAsync();
        await using (stream)
        {
            await connections.ServeAsync(stream, request);
        }
    }

    // It stays open for as long as both live, so nobody who leaves waits for it.
    private async Task ServeReplicaAsync(WaypointState state, IncomingConnect connect, IPEndPoint remote)
    {
        if (replicas.WhyNot(state, connect, remote) is { } why)
        {
            await RefuseAsync(connect, 401, why);
            return;
        }

        Interlocked.Decrement(ref _open);
        try
        {
            await replicas.ServeAsync(connect);
        }
        finally
        {
            Interlocked.Increment(ref _open);
        }
    }

    private static RequestConnection ConnectionOf(
        WaypointState state, IncomingConnect connect, WaypointDecision decision, IPEndPoint remote)
    {
        // The tunnel comes from the pod's own address; its word on the port is taken, for another address it is not asked.
        Forwarded forwarded = Forwarded.Parse(connect.Request.Forwarded);
        return new RequestConnection
        {
            Caller = connect.Peer,
            CallerWorkload = CallerWorkloads.Find(state, connect.Peer, remote.Address),
            Source = forwarded.For is { } source && source.Address.Equals(remote.Address) ? source : remote,
            Service = decision.Service,
            Workload = decision.Workload,
            Destination = decision.Destination,
            Port = decision.Port,
            Protocol = state.Defaults.ProtocolOf(ProtocolOf(decision), decision.Port),
        };
    }

    private static AppProtocol ProtocolOf(WaypointDecision decision)
    {
        if (decision.Workload is { } workload)
        {
            foreach (ImmutableArray<ServicePort> served in workload.Services.Values)
            {
                if (ProtocolOf(served, p => (p.TargetPort != 0 ? p.TargetPort : p.Port) == decision.Port) is var protocol and not AppProtocol.Unknown)
                {
                    return protocol;
                }
            }

            return AppProtocol.Unknown;
        }

        return ProtocolOf(decision.Service!.Ports, p => p.Port == decision.Port);
    }

    private static AppProtocol ProtocolOf(ImmutableArray<ServicePort> ports, Func<ServicePort, bool> isMeant)
    {
        foreach (ServicePort port in ports)
        {
            if (isMeant(port))
            {
                return port.Protocol;
            }
        }

        return AppProtocol.Unknown;
    }

    private ValueTask RefuseAsync(IncomingConnect connect, int status, string reason)
    {
        ListenerLog.Refused(_log, connect.Peer.VerifiedId?.ToString() ?? "nobody", connect.Remote, connect.Request.Authority, status, reason);
        return connect.RejectAsync(status);
    }
}
