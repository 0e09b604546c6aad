using System.IO.Pipelines;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Identity.Tls;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>A tunnelled connection as one to a listener. The stream is its maker's.</summary>
internal sealed class TunnelledClient(HboneStream stream, PeerIdentity peer, IPEndPoint remote, IPEndPoint local, TimeProvider time) : MeshConnection
{
    private bool _aborted;

    public override PipeReader Input => stream.Input;

    public override PipeWriter Output => stream.Output;

    public override PeerIdentity Peer => peer;

    public override IPEndPoint RemoteEndPoint => remote;

    public override IPEndPoint LocalEndPoint => local;

    public override void Abort()
    {
        Volatile.Write(ref _aborted, true);
        stream.Reset(ErrorCode.Cancel);
    }

    public override ValueTask DisposeAsync() => Volatile.Read(ref _aborted) ? ValueTask.CompletedTask : StreamEnd.FinishAsync(stream, time);
}
