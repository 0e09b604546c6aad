using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ambient.Core.Identity;
using Ambient.Hbone.Transport.Native;
using Ambient.Identity.Peers;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Identity.Trust;

namespace Ambient.Hbone.Transport;

/// <summary>
/// One or a few epoll loops that own their sockets, with OpenSSL on top of them: a packet is received, decrypted, relayed and sent on one
/// thread without a hop. A quarter of the cores, at least one loop, as the reference's proxy counts its workers.
/// </summary>
public sealed class NativeTransport : IMeshTransport
{
    private readonly TimeProvider _time;
    private readonly EventLoop[] _loops;
    private int _next;

    public NativeTransport(TimeProvider time)
    {
        _time = time;
        _loops = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 4)).Select(i => new EventLoop($"loop-{i}"))];
    }

    /// <summary>Whether this machine has what it needs.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && LibSsl.IsAvailable;

    public string Name => "native";

    public MeshConnection AcceptPlain(Socket accepted)
    {
        (IPEndPoint local, IPEndPoint remote) = (SocketEnds.Local(accepted), SocketEnds.Remote(accepted));
        PlainLoopConnection connection = new(NextLoop(), Take(accepted), local, remote);
        connection.Start();
        return connection;
    }

    public async Task<MeshConnection> ConnectPlainAsync(Socket unconnected, IPEndPoint destination, TimeSpan timeout, CancellationToken ct)
    {
        PlainLoopConnection connection = new(NextLoop(), Take(unconnected), Unknown(destination), destination);
        await GuardAsync(connection, connection.ConnectAsync(destination), destination, shaking: false, timeout, ct);
        return connection;
    }

    public async Task<MeshConnection> AcceptTlsAsync(Socket accepted, Svid svid, TrustPolicy trust, TimeSpan timeout, CancellationToken ct)
    {
        (IPEndPoint local, IPEndPoint remote) = (SocketEnds.Local(accepted), SocketEnds.Remote(accepted));
        TlsLoopConnection connection = new(NextLoop(), Take(accepted), local, remote, TlsContext.Server(svid), server: true,
            (leaf, others) => VerifiedPeers.Verify(leaf, others, svid.Bundle, trust, PeerRole.Client, _time));
        connection.Start();
        await GuardAsync(connection, connection.HandshakeAsync(), remote, shaking: true, timeout, ct);
        return connection;
    }

    public async Task<MeshConnection> ConnectTlsAsync(
        Socket unconnected, IPEndPoint destination, Svid svid, TrustPolicy trust, ImmutableArray<SpiffeId> expected, TimeSpan timeout, CancellationToken ct)
    {
        TlsLoopConnection connection = new(NextLoop(), Take(unconnected), Unknown(destination), destination, TlsContext.Client(svid), server: false,
            (leaf, others) => Expect(VerifiedPeers.Verify(leaf, others, svid.Bundle, trust, PeerRole.Server, _time), expected));
        await GuardAsync(connection, connection.ConnectAsync(destination), destination, shaking: false, timeout, ct);
        await GuardAsync(connection, connection.HandshakeAsync(), destination, shaking: true, timeout, ct);
        return connection;
    }

    private static PeerVerification Expect(PeerVerification verification, ImmutableArray<SpiffeId> expected) =>
        verification is PeerVerification.Verified { Id: var id } && !expected.Contains(id)
            ? new PeerVerification.Refused($"the server is {id}, which is not expected here")
            : verification;

    private EventLoop NextLoop() => _loops[(uint)Interlocked.Increment(ref _next) % (uint)_loops.Length];

    /// <summary>Takes the descriptor away from the framework, which then neither watches nor closes it.</summary>
    private static int Take(Socket socket)
    {
        int fd = (int)socket.SafeHandle.DangerousGetHandle();
        socket.SafeHandle.SetHandleAsInvalid();
#pragma warning disable CA1816 // The socket is not disposed: that would wait for a release that never comes.
        GC.SuppressFinalize(socket);
#pragma warning restore CA1816
        Libc.MakeNonBlocking(fd);
        SetNoDelay(fd);
        return fd;
    }

    private static unsafe void SetNoDelay(int fd)
    {
        int on = 1;
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpNoDelay, &on, sizeof(int));
    }

    /// <summary>The kernel chooses the port at connect; nothing above asks for it.</summary>
    private static IPEndPoint Unknown(IPEndPoint like) =>
        new(like.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);

    private async Task GuardAsync(LoopConnection connection, Task step, IPEndPoint peer, bool shaking, TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            await step.WaitAsync(timeout, _time, ct);
        }
        catch (TimeoutException)
        {
            connection.Abort();
            throw shaking
                ? new HandshakeTimeoutException($"{peer} did not finish the TLS handshake within {timeout.TotalSeconds:0.#} s")
                : new TimeoutException($"no answer from {peer} within {timeout.TotalSeconds:0.#} s");
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }
}
