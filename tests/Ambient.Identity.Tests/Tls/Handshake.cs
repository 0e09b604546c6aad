using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Ambient.Identity.Peers;
using Ambient.Identity.Tls;

namespace Ambient.Identity.Tests.Tls;

/// <summary>
/// One handshake over loopback and one byte each way: with TLS 1.3 a client learns only by reading that the server refused it.
/// </summary>
/// <param name="ServerSaw">Null when the server's side failed.</param>
/// <param name="ClientSaw">Null when the client's side failed.</param>
internal sealed record Handshake(PeerVerification? ServerSaw, PeerVerification? ClientSaw, SslProtocols Protocol, SslApplicationProtocol Alpn, string ServerName)
{
    public bool Succeeded => ServerSaw is PeerVerification.Verified && ClientSaw is PeerVerification.Verified;

    public static async Task<Handshake> RunAsync(SslServerAuthenticationOptions server, SslClientAuthenticationOptions client)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var connecting = new TcpClient();
        await connecting.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using TcpClient accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var serverSide = new SslStream(accepted.GetStream());
        await using var clientSide = new SslStream(connecting.GetStream());

        Task<PeerVerification?> serving = SideAsync(serverSide, accepted, ct => serverSide.AuthenticateAsServerAsync(server, ct));
        Task<PeerVerification?> calling = SideAsync(clientSide, connecting, ct => clientSide.AuthenticateAsClientAsync(client, ct));
        PeerVerification? serverSaw = await serving;
        PeerVerification? clientSaw = await calling;
        bool done = serverSaw is not null && clientSaw is not null;
        return new Handshake(
            serverSaw,
            clientSaw,
            done ? clientSide.SslProtocol : SslProtocols.None,
            done ? clientSide.NegotiatedApplicationProtocol : default,
            done ? serverSide.TargetHostName : "");
    }

    private static async Task<PeerVerification?> SideAsync(SslStream stream, TcpClient socket, Func<CancellationToken, Task> authenticate)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(10_000);
            await authenticate(limit.Token);
            await stream.WriteAsync(new byte[] { 1 }, limit.Token);
            return await stream.ReadAsync(new byte[1], limit.Token) == 1 ? MeshTls.PeerOf(stream) : null;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            socket.Close();
            return null;
        }
    }
}
