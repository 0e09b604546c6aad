using System.Net;
using System.Net.Sockets;
using Ambient.Core.Addresses;
using Ambient.Waypoint.Connections;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening.Gateways.Datagrams;

/// <summary>
/// One UDP port:
/// <list type="number">
/// <item>a client's first datagram is judged and gets an endpoint, and a socket of its own towards it;</item>
/// <item>what follows goes the same way, and what the endpoint answers goes back, until neither has said anything for a while;</item>
/// <item>when the mesh changes, a session that would no longer be begun ends.</item>
/// </list>
/// What there is no room for is dropped: nothing waits, and nothing is kept but the sessions.
/// </summary>
internal sealed class DatagramSocket : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(10);

    // A thread of the pool serves others after so many datagrams.
    private const int AtOnce = 64;

    [ThreadStatic]
    private static byte[]? t_answer;

    private readonly WaypointContext _context;
    private readonly int _port;
    private readonly DatagramRoutes _routes;
    private readonly DatagramLimits _limits;
    private readonly DatagramTable _sessions;
    private readonly ILogger _log;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _receiving;
    private readonly Task _looking;

    /// <exception cref="SocketException">The port is taken, or may not be listened to.</exception>
    internal DatagramSocket(WaypointContext context, int port, DatagramRoutes routes, DatagramLimits limits, DatagramBudget budget)
    {
        _context = context;
        _port = port;
        _routes = routes;
        _limits = limits;
        _sessions = new DatagramTable(limits, budget);
        _log = context.Loggers.CreateLogger("ambient.gateway");
        _socket = Bound(context.Config.BindAddress ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any), port);
        _receiving = ReceiveAsync(_stop.Token);
        _looking = LookAsync(_stop.Token);
    }

    internal DatagramCounts Counts { get; } = new();

    internal int Port => _port;

    internal int Sessions => _sessions.Count;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        await _looking;
        foreach (DatagramSession session in _sessions.All())
        {
            End(session);
        }

        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        // Datagrams may wait already: whoever opens the port is not held up by them.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        byte[] buffer = new byte[ushort.MaxValue];
        var from = new SocketAddress(_socket.AddressFamily);
        uint taken = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                int size = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, from, stop);
                Counts.Received++;
                Take(buffer.AsSpan(0, size), from);
                if (++taken % AtOnce == 0)
                {
                    await Task.Yield();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                ListenerLog.AcceptFailed(_log, e.Message);
                await Task.Delay(s_breath, _context.Time, CancellationToken.None);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, SocketAddress from)
    {
        WaypointState state = _routes.State;
        DatagramSession? session = _sessions.Find(from);
        if (session is not null && !IsHeld(session, state))
        {
            End(session);
            session = null;
        }

        session ??= Begin(state, from);
        if (session is null)
        {
            return;
        }

        session.Used = _context.Time.GetTimestamp();
        SocketError error = Send(session, datagram);
        if (error != SocketError.Success)
        {
            Interlocked.Increment(ref Counts.Lost);
            if (error != SocketError.WouldBlock)
            {
                // Nobody is there any more: the client's next datagram finds another.
                End(session);
            }
        }
    }

    // The endpoint may have ended the session at this very moment.
    private static SocketError Send(DatagramSession session, ReadOnlySpan<byte> datagram)
    {
        try
        {
            _ = session.Upstream.Send(datagram, SocketFlags.None, out SocketError error);
            return error;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.Shutdown;
        }
    }

    private DatagramSession? Begin(WaypointState state, SocketAddress from)
    {
        IPEndPoint client = MappedAddresses.Unmap((IPEndPoint)new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0).Create(from));
        if (!_sessions.TryReserve(client.Address))
        {
            Interlocked.Increment(ref Counts.Full);
            return null;
        }

        Socket? upstream = null;
        try
        {
            if (_routes.Choose(state, _port, client, out string refusal) is not { } endpoint)
            {
                Interlocked.Increment(ref Counts.Refused);
                GatewayLog.Refused(_log, client, _port, refusal);
                _sessions.Release(client.Address);
                return null;
            }

            upstream = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            if (_context.Config.BindAddress is { } own && own.AddressFamily == endpoint.AddressFamily)
            {
                upstream.Bind(new IPEndPoint(own, 0));
            }

            upstream.Connect(endpoint);
            var key = new SocketAddress(from.Family, from.Size);
            from.Buffer.Span[..from.Size].CopyTo(key.Buffer.Span);
            var session = new DatagramSession(key, client, endpoint, upstream, state) { Used = _context.Time.GetTimestamp() };
            _sessions.Add(session);
            _ = AnswerAsync(session);
            return session;
        }
        catch (SocketException e)
        {
            Interlocked.Increment(ref Counts.Lost);
            GatewayLog.Refused(_log, client, _port, e.Message);
            upstream?.Dispose();
            _sessions.Release(client.Address);
            return null;
        }
    }

    private async Task AnswerAsync(DatagramSession session)
    {
        try
        {
            while (true)
            {
                // No buffer waits with the session: one of the thread takes what is there.
                await session.Upstream.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, CancellationToken.None);
                Answer(session);
                await Task.Yield();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            End(session);
        }
    }

    private void Answer(DatagramSession session)
    {
        byte[] buffer = t_answer ??= new byte[ushort.MaxValue];
        for (int i = 0; i < AtOnce; i++)
        {
            int size = session.Upstream.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            if (error != SocketError.Success)
            {
                throw new SocketException((int)error);
            }

            session.Used = _context.Time.GetTimestamp();
            try
            {
                _socket.SendTo(buffer.AsSpan(0, size), SocketFlags.None, session.Key);
                Interlocked.Increment(ref Counts.Answered);
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref Counts.Lost);
            }
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_look, _context.Time, stop);
                WaypointState state = _routes.State;
                foreach (DatagramSession session in _sessions.All())
                {
                    if (_context.Time.GetElapsedTime(session.Used) >= _limits.Idle || !IsHeld(session, state))
                    {
                        End(session);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The port is closed.
        }
    }

    private bool IsHeld(DatagramSession session, WaypointState state)
    {
        if (ReferenceEquals(session.Decided, state))
        {
            return true;
        }

        bool held = _routes.Holds(state, _port, session.Client, session.Endpoint);
        session.Decided = state;
        return held;
    }

    private void End(DatagramSession session)
    {
        if (_sessions.Remove(session))
        {
            session.Dispose();
        }
    }

    private static Socket Bound(IPAddress at, int port)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (at.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Blocking = false;
            socket.Bind(new IPEndPoint(at, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
