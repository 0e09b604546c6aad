using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Core.Identity;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Identity.Trust;

namespace Ambient.Hbone.Transport;

/// <summary>The framework's sockets and <c>SslStream</c>: runs everywhere.</summary>
public sealed class ManagedTransport(TimeProvider time) : IMeshTransport
{
    public string Name => "managed";

    public MeshConnection AcceptPlain(Socket accepted) => new SocketConnection(accepted);

    public async Task<MeshConnection> ConnectPlainAsync(Socket unconnected, IPEndPoint destination, TimeSpan timeout, CancellationToken ct)
    {
        await ConnectAsync(unconnected, destination, timeout, ct);
        return new SocketConnection(unconnected);
    }

    public Task<MeshConnection> AcceptTlsAsync(Socket accepted, Svid svid, TrustPolicy trust, TimeSpan timeout, CancellationToken ct) =>
        TlsConnection.AcceptAsync(accepted, MeshTls.Server(svid, trust, time), timeout, ct);

    public async Task<MeshConnection> ConnectTlsAsync(
        Socket unconnected, IPEndPoint destination, Svid svid, TrustPolicy trust, ImmutableArray<SpiffeId> expected, TimeSpan timeout, CancellationToken ct)
    {
        await ConnectAsync(unconnected, destination, timeout, ct);
        return await TlsConnection.ConnectAsync(unconnected, MeshTls.Client(svid, trust, expected, time), timeout, ct);
    }

    private async Task ConnectAsync(Socket socket, IPEndPoint destination, TimeSpan timeout, CancellationToken ct)
    {
        using CancellationTokenSource expiry = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, expiry.Token);
        try
        {
            await socket.ConnectAsync(destination, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"no answer from {destination} within {timeout.TotalSeconds:0.#} s");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
