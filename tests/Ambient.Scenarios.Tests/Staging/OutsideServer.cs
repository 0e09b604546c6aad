using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>
/// An HTTPS server outside the cluster: in the network namespace that joins the nodes. Answers with the address that called; headers say the
/// server name, the host and the client certificate's subject.
/// </summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2? _clients;
    private readonly Task _running;
    private int _served;
    private int _clear;

    private OutsideServer(Socket listener, X509Certificate2 certificate, X509Certificate2? clients)
    {
        _listener = listener;
        _certificate = certificate;
        _clients = clients;
        _running = AcceptAsync();
    }

    /// <summary>The bridge's own address, which is the outside for pods.</summary>
    public static IPAddress Address { get; } = IPAddress.Parse("172.30.0.1");

    /// <summary>Requests so far.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>Connections so far that did not begin with TLS.</summary>
    public int Clear => Volatile.Read(ref _clear);

    /// <summary>Who believes this believes the server: its certificate has signed itself.</summary>
    public string AuthorityPem => _certificate.ExportCertificatePem();

    /// <param name="name">For which it has a certificate; a wildcard covers more.</param>
    /// <param name="clients">Demands a certificate that this one has signed.</param>
    public static async Task<OutsideServer> StartAsync(LabCluster lab, string name, int port, X509Certificate2? clients = null)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        Socket listener = await NetnsSocket.CreateAsync(lab.OuterNetnsPath, AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(Address, port));
        listener.Listen(64);
        return new OutsideServer(listener, certificate, clients);
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
            string caller = ((IPEndPoint)socket.RemoteEndPoint!).Address.ToString();
            byte[] first = new byte[1];
            if (await socket.ReceiveAsync(first, SocketFlags.Peek, _stop.Token) == 1 && first[0] != 0x16)
            {
                Interlocked.Increment(ref _clear);
            }

            string asked = "";
            await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateSelectionCallback = (_, serverName) =>
                    {
                        asked = serverName ?? "";
                        return _certificate;
                    },
                    ClientCertificateRequired = _clients is not null,
                    RemoteCertificateValidationCallback = (_, shown, _, _) => _clients is null || shown?.Issuer == _clients.Subject,
                },
                _stop.Token);
            byte[] buffer = new byte[16 * 1024];
            int length = 0;
            while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(length), _stop.Token);
                if (read == 0)
                {
                    return;
                }

                length += read;
            }

            string[] head = Encoding.Latin1.GetString(buffer, 0, length).Split("\r\n");
            string host = head.FirstOrDefault(static l => l.StartsWith("host:", StringComparison.OrdinalIgnoreCase)) ?? "";
            Interlocked.Increment(ref _served);
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\ncontent-length: {caller.Length}\r\nx-server-name: {asked}\r\nx-asked: {host}\r\nx-client: {stream.RemoteCertificate?.Subject}\r\nconnection: close\r\n\r\n{caller}"),
                _stop.Token);
            await stream.ShutdownAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or AuthenticationException or SocketException)
        {
            // The caller's business.
        }
    }
}
