using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ambient.Core.Identity;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Transport.Native;

/// <summary>
/// A non-blocking socket watched by an <see cref="EventLoop"/>. The lock guards the descriptor (so that no call meets a number that was
/// given away) and, in the TLS kind, the session, which one thread may use at a time; it is held over single calls, never over a wait.
/// Continuations run outside it.
/// </summary>
internal abstract class LoopConnection : MeshConnection
{
    /// <summary>Reads that may complete in place before other connections of the loop get a turn.</summary>
    private const int ReadsPerTurn = 32;

    private readonly EventLoop _loop;
    private readonly LoopReader _reader;
    private readonly LoopWriter _writer;
    private long _id;
    private int _readsLeft = ReadsPerTurn;
    private bool _writeEnded;
    private bool _hangup;
    private TaskCompletionSource? _connecting;

    protected LoopConnection(EventLoop loop, int fd, IPEndPoint local, IPEndPoint remote)
    {
        _loop = loop;
        Fd = fd;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        _reader = new LoopReader(this);
        _writer = new LoopWriter(this);
    }

    public override PipeReader Input => _reader;

    public override PipeWriter Output => _writer;

    public override PeerIdentity Peer => PeerIdentity.Plaintext;

    public override IPEndPoint RemoteEndPoint { get; }

    public override IPEndPoint LocalEndPoint { get; }

    internal Lock Gate { get; } = new();

    /// <summary>-1 once closed; read it under <see cref="Gate"/>.</summary>
    protected int Fd { get; private set; }

    /// <summary>False after a short read, until the next edge: saves the call that would answer EAGAIN.</summary>
    protected bool Readable { get; set; } = true;

    protected bool Writable { get; set; } = true;

    /// <summary>Once, when the object is whole and the socket connected.</summary>
    internal void Start() => _id = _loop.Add(this, Fd);

    /// <summary>Connects the socket and starts to watch it.</summary>
    /// <exception cref="SocketException">As connect(2).</exception>
    internal unsafe Task ConnectAsync(IPEndPoint to)
    {
        SocketAddress address = to.Serialize();
        fixed (byte* p = address.Buffer.Span)
        {
            int result = Libc.Connect(Fd, p, (uint)address.Size);
            int errno = result == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (errno is not (0 or Libc.Einprogress))
            {
                return Task.FromException(ConnectFailure(errno));
            }

            TaskCompletionSource connecting = new();
            _connecting = errno == 0 ? null : connecting;
            Readable = Writable = errno == 0;
            Start();
            return errno == 0 ? Task.CompletedTask : connecting.Task;
        }
    }

    /// <summary>Under the gate. More than 0: bytes; 0: the peer ended; -1: nothing now.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    internal abstract int TryReceive(Span<byte> into);

    /// <summary>Under the gate. How many bytes were taken; fewer than given: wait for writability.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    internal abstract int TrySend(ReadOnlySpan<byte> from);

    /// <summary>Under the gate. True when nothing taken before waits to leave.</summary>
    internal abstract bool TryDrain();

    /// <summary>Under the gate: tells the peer that no more follows.</summary>
    protected abstract void EndWriting();

    /// <summary>Under the gate: gives back what the kind holds besides the socket.</summary>
    protected abstract void Release();

    /// <summary>True while a handshake uses the readiness itself.</summary>
    protected virtual bool Intercept() => false;

    /// <summary>Wakes whoever waits to read or to write.</summary>
    protected void Wake()
    {
        _writer.OnWritable();
        _reader.OnReadable();
    }

    /// <summary>Whether another read may complete in place; if not, the loop comes back to this connection.</summary>
    internal bool TakeRead()
    {
        if (--_readsLeft > 0)
        {
            return true;
        }

        _readsLeft = ReadsPerTurn;
        return false;
    }

    internal void ComeBack() => _loop.Later(this);

    internal void OnTurn() => _reader.OnReadable();

    internal void OnReady(int events)
    {
        const int readable = Libc.EpollIn | Libc.EpollRdHup | Libc.EpollHup | Libc.EpollErr;
        const int writable = Libc.EpollOut | Libc.EpollHup | Libc.EpollErr;
        if (_connecting is not null && !FinishConnecting((events & writable) != 0))
        {
            return;
        }

        lock (Gate)
        {
            _hangup |= (events & (Libc.EpollRdHup | Libc.EpollHup | Libc.EpollErr)) != 0;
            Readable |= (events & readable) != 0;
            Writable |= (events & writable) != 0;
            _readsLeft = ReadsPerTurn;
        }

        if (Intercept())
        {
            return;
        }

        if ((events & writable) != 0)
        {
            _writer.OnWritable();
        }

        if ((events & readable) != 0)
        {
            _reader.OnReadable();
        }
    }

    internal void EndOutput()
    {
        lock (Gate)
        {
            if (Fd >= 0 && !_writeEnded)
            {
                _writeEnded = true;
                EndWriting();
            }
        }
    }

    public override bool TryAtTurnEnd(Action<object> action, object state) => EventLoop.TryAtTurnEnd(action, state);

    public override void Abort() => Close(reset: true);

    public override ValueTask DisposeAsync()
    {
        EndOutput();
        Close(reset: false);
        return ValueTask.CompletedTask;
    }

    protected unsafe int ReceiveSome(Span<byte> into)
    {
        if (!Readable)
        {
            return -1;
        }

        nint count;
        fixed (byte* p = into)
        {
            do
            {
                count = Libc.Receive(Fd, p, into.Length, 0);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Libc.Eintr);
        }

        if (count < 0)
        {
            return Marshal.GetLastPInvokeError() == Libc.Eagain ? Nothing() : throw Broken(Marshal.GetLastPInvokeError());
        }

        // A short read has emptied the socket: what comes later makes a new edge. Not so the end of the stream, which may
        // have come in the same edge as the bytes before it.
        Readable = _hangup || count == 0 || count == into.Length;
        return (int)count;

        int Nothing()
        {
            Readable = false;
            return -1;
        }
    }

    protected unsafe int SendSome(ReadOnlySpan<byte> from)
    {
        if (!Writable)
        {
            return 0;
        }

        nint count;
        fixed (byte* p = from)
        {
            do
            {
                count = Libc.Send(Fd, p, from.Length, Libc.NoSignal);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Libc.Eintr);
        }

        if (count < 0 && Marshal.GetLastPInvokeError() != Libc.Eagain)
        {
            throw Broken(Marshal.GetLastPInvokeError());
        }

        Writable = count == from.Length;
        return count < 0 ? 0 : (int)count;
    }

    internal void ThrowIfClosed()
    {
        if (Fd < 0)
        {
            throw Broken(Libc.Econnreset);
        }
    }

    protected static IOException Broken(int errno)
    {
        SocketException cause = new(errno is Libc.Econnreset or Libc.Epipe ? (int)SocketError.ConnectionReset : (int)SocketError.ConnectionAborted);
        return new IOException($"the connection is broken (errno {errno})", cause);
    }

    /// <summary>True when the socket is connected and the readiness can be used.</summary>
    private unsafe bool FinishConnecting(bool settled)
    {
        int errno = 0;
        TaskCompletionSource? connecting;
        lock (Gate)
        {
            connecting = _connecting;
            if (connecting is null || !settled || Fd < 0)
            {
                return connecting is null;
            }

            uint size = sizeof(int);
            _ = Libc.GetOption(Fd, Libc.SolSocket, Libc.SoError, &errno, &size);
            _connecting = null;
            Readable = Writable = true;
        }

        if (errno == 0)
        {
            return connecting.TrySetResult();
        }

        connecting.TrySetException(ConnectFailure(errno));
        return false;
    }

    private static SocketException ConnectFailure(int errno) => new((int)(errno switch
    {
        111 => SocketError.ConnectionRefused,
        113 => SocketError.HostUnreachable,
        101 => SocketError.NetworkUnreachable,
        110 => SocketError.TimedOut,
        99 => SocketError.AddressNotAvailable,
        98 => SocketError.AddressAlreadyInUse,
        104 => SocketError.ConnectionReset,
        13 or 1 => SocketError.AccessDenied,
        _ => SocketError.SocketError,
    }), $"connect failed with errno {errno}");

    private unsafe void Close(bool reset)
    {
        TaskCompletionSource? connecting;
        lock (Gate)
        {
            if (Fd < 0)
            {
                return;
            }

            connecting = _connecting;
            _connecting = null;
            _loop.Remove(_id);
            if (reset)
            {
                long lingerZero = 1; // struct linger { int on = 1; int seconds = 0; }
                _ = Libc.SetOption(Fd, Libc.SolSocket, Libc.SoLinger, &lingerZero, sizeof(long));
            }

            _ = Libc.Close(Fd);
            Fd = -1;
            Release();
        }

        // Whoever waits learns it now.
        connecting?.TrySetException(ConnectFailure(Libc.Econnreset));
        _ = Intercept();
        Wake();
    }
}
