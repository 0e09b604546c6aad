using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Discovery.Grpc;

/// <summary>One HTTP/2 connection to a control plane, with the roots as they were when it was made.</summary>
internal sealed class GrpcChannel : IDisposable
{
    private readonly GrpcChannelOptions _options;
    private readonly HttpMessageInvoker _invoker;

    public GrpcChannel(GrpcChannelOptions options)
    {
        if (options.Address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"{options.Address} is not https", nameof(options));
        }

        _options = options;
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            InitialHttp2StreamWindowSize = 4 * 1024 * 1024,
            SslOptions = TlsOptions(options),
        });
    }

    public Task<HttpResponseMessage> SendAsync(string path, HttpContent content, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_options.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.TryAddWithoutValidation("user-agent", "ambient");
        request.Headers.TryAddWithoutValidation("authorization", "Bearer " + _options.Token().Trim());
        if (_options.ClusterId.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("clusterid", _options.ClusterId);
        }

        // The handler verifies the certificate by this name, whatever the address says.
        request.Headers.Host = _options.ServerName;
        foreach ((string name, string value) in _options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _invoker.SendAsync(request, ct);
    }

    public void Dispose() => _invoker.Dispose();

    private static SslClientAuthenticationOptions TlsOptions(GrpcChannelOptions options)
    {
        var tls = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (options.RootCertificatesPath is { } path)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(path);
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return tls;
    }
}
