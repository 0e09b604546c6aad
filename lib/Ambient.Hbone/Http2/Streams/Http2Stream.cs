using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.FlowControl;
using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2.Streams;

/// <summary>
/// One stream of a connection (RFC 9113 §5.1): two halves that end on their own, or both at once by a reset.
/// Leaves the connection's table exactly once, when both halves have ended.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "An HTTP/2 stream, which is what it is called.")]
internal sealed class Http2Stream : HboneStream
{
    private const int LocalEnded = 1;
    private const int RemoteEnded = 2;
    private const int WasReset = 4;
    private const int Removed = 8;

    private readonly Http2Connection _connection;
    private readonly StreamInput _input;
    private readonly StreamOutput _output;
    private ReceiveWindow _window;
    private ConnectReply? _reply;
    private Action<HboneStreamResetException>? _onFault;
    private HboneStreamResetException? _fault;
    private int _state;

    public Http2Stream(Http2Connection connection, HboneLimits limits)
    {
        _connection = connection;
        _window = new ReceiveWindow(limits.StreamWindow);
        _input = new StreamInput(this);
        _output = new StreamOutput(this, connection.Output, limits.StreamSendBuffer);
    }

    public int Id { get; private set; }

    public override PipeReader Input => _input;

    public override PipeWriter Output => _output;

    public override ConnectReply? Reply => _reply;

    public override PeerIdentity Peer => _connection.Transport.Peer;

    public override string? Tls => _connection.Transport.Tls;

    public override IPEndPoint RemoteEndPoint => _connection.Transport.RemoteEndPoint;

    public override IPEndPoint LocalEndPoint => _connection.Transport.LocalEndPoint;

    /// <summary>The CONNECT that opened the stream, on the client's side.</summary>
    public ClientConnect? Connect { get; set; }

    internal StreamInput Reader => _input;

    internal StreamOutput Writer => _output;

    internal bool HasRemoteEnded => (Volatile.Read(ref _state) & RemoteEnded) != 0;

    internal bool IsReset => (Volatile.Read(ref _state) & WasReset) != 0;

    /// <summary>The client has its answer, or the server has given one. Set by one thread, read by the connection's.</summary>
    internal bool Answered { get; set; }

    /// <summary>In the connection's list of streams to wake after this read; the reading thread only.</summary>
    internal bool Dirty { get; set; }

    public override void Reset(ErrorCode code)
    {
        if (!TryReset())
        {
            return;
        }

        HboneStreamResetException fault = new(code, byPeer: false, $"stream reset from here: {code}");
        _connection.OnLocalReset(this, code);
        Fail(fault);
    }

    public override void OnFault(Action<HboneStreamResetException> callback)
    {
        // The input is as good a lock as any: it is ours alone and never locked by its class.
        lock (_input)
        {
            if (_fault is null)
            {
                _onFault += callback;
                return;
            }
        }

        callback(_fault);
    }

    public override ValueTask DisposeAsync()
    {
        _output.Complete();
        _input.Complete();
        return ValueTask.CompletedTask;
    }

    internal void Assign(int id) => Id = id;

    internal void OnAnswer(ConnectReply reply)
    {
        _reply = reply;
        Answered = true;
    }

    internal bool TakeWindow(int bytes) => _window.TryTake(bytes);

    internal void OnPeerReset(ErrorCode code)
    {
        if (TryReset())
        {
            Fail(new HboneStreamResetException(code, byPeer: true, $"the peer reset the stream: {code}"));
        }
    }

    internal void OnConnectionLost(ErrorCode code, string reason)
    {
        if (TryReset())
        {
            Fail(new HboneStreamResetException(code, byPeer: true, $"the tunnel was lost: {reason}") { ConnectionLost = true });
        }
    }

    internal void OnRemoteEnd()
    {
        _input.End();
        End(RemoteEnded);
    }

    internal void OnLocalEnd() => End(LocalEnded);

    /// <summary>The user has consumed bytes, or nobody will: credit goes back to the peer.</summary>
    internal void Release(int bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        _connection.ReleaseWindow(bytes);
        ReleasePadding(bytes);
    }

    internal void ReleasePadding(int bytes)
    {
        int increment = _window.Release(bytes);
        if (increment > 0 && (Volatile.Read(ref _state) & (RemoteEnded | WasReset)) == 0)
        {
            _connection.Output.WindowUpdate(Id, increment);
        }
    }

    // False when the stream has ended or was reset before.
    private bool TryReset()
    {
        int before = Interlocked.Or(ref _state, WasReset);
        return (before & WasReset) == 0 && (before & (LocalEnded | RemoteEnded)) != (LocalEnded | RemoteEnded);
    }

    private void Fail(HboneStreamResetException fault)
    {
        Remove();
        _output.Fail(fault);
        _input.Fail(fault);
        Action<HboneStreamResetException>? callbacks;
        lock (_input)
        {
            _fault = fault;
            callbacks = _onFault;
            _onFault = null;
        }

        Tell(callbacks, fault);
    }

    // A callback that throws is its owner's fault: neither the connection's reading loop nor its other streams may pay for it.
    private void Tell(Action<HboneStreamResetException>? callbacks, HboneStreamResetException fault)
    {
        foreach (Action<HboneStreamResetException> callback in Delegate.EnumerateInvocationList(callbacks))
        {
            try
            {
                callback(fault);
            }
            catch (Exception e)
            {
                _connection.OnCallbackFailed(e);
            }
        }
    }

    private void End(int half)
    {
        int state = Interlocked.Or(ref _state, half) | half;
        if ((state & (LocalEnded | RemoteEnded)) == (LocalEnded | RemoteEnded))
        {
            Remove();
        }
    }

    private void Remove()
    {
        if ((Interlocked.Or(ref _state, Removed) & Removed) == 0)
        {
            _connection.OnStreamGone(this);
        }
    }
}
