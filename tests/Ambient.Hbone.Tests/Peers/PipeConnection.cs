using System.IO.Pipelines;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Tests.Peers;

/// <summary>Two ends joined by memory: what one writes the other reads.</summary>
internal sealed class PipeConnection : MeshConnection
{
    private readonly Pipe _in;
    private readonly Pipe _out;

    private PipeConnection(Pipe input, Pipe output)
    {
        _in = input;
        _out = output;
    }

    public override PipeReader Input => _in.Reader;

    public override PipeWriter Output => _out.Writer;

    public override PeerIdentity Peer => PeerIdentity.Plaintext;

    public override IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Loopback, 1);

    public override IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 2);

    /// <param name="capacity">Bytes that wait in each direction before the writer has to.</param>
    public static (PipeConnection One, PipeConnection Other) Pair(int capacity = 64 * 1024 * 1024)
    {
        PipeOptions options = new(pauseWriterThreshold: capacity, resumeWriterThreshold: capacity / 2, useSynchronizationContext: false);
        Pipe there = new(options);
        Pipe back = new(options);
        return (new PipeConnection(back, there), new PipeConnection(there, back));
    }

    public override void Abort()
    {
        _in.Reader.CancelPendingRead();
        _out.Writer.CancelPendingFlush();
        IOException aborted = new("aborted");
        _out.Writer.Complete(aborted);
        _in.Writer.Complete(aborted);
        _out.Reader.Complete();
    }

    public override ValueTask DisposeAsync()
    {
        _out.Writer.Complete();
        _in.Reader.Complete();
        return ValueTask.CompletedTask;
    }
}
