using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>An HTTPS server outside the cluster: in the network namespace that joins the nodes. Answers with the address that called.</summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly X509Certificate2 _certificate;
    private readonly Task _running;

    private OutsideServer(Socket listener, X509Certificate2 certificate)
    {
        _listener = listener;
        _certificate = certificate;
        _running = AcceptAsync();
    }

    /// <summary>The bridge's own address, which is the outside for pods.</summary>
    public static IPAddress Address { get; } = IPAddress.Parse("172.30.0.1");

    public static async Task<OutsideServer> StartAsync(LabCluster lab, string name, int port)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        Socket listener = await NetnsSocket.CreateAsync(lab.OuterNetnsPath, AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(Address, port));
        listener.Listen(16);
        return new OutsideServer(listener, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            string caller = ((IPEndPoint)socket.RemoteEndPoint!).Address.ToString();
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            byte[] buffer = new byte[4096];
            _ = await stream.ReadAsync(buffer, _stop.Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\ncontent-length: {caller.Length}\r\nconnection: close\r\n\r\n{caller}"), _stop.Token);
            await stream.ShutdownAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The caller's business.
        }
    }
}
