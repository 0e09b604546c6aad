using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Upstreams;

/// <summary>TLS that the policy begins towards an endpoint (UpstreamTls). What cannot be verified is not spoken to.</summary>
internal static class UpstreamTlsStream
{
    /// <summary>Owns the inner stream, also when it fails.</summary>
    /// <exception cref="UpstreamDialException"/>
    /// <param name="isHttp">ALPN offers what the key says; otherwise nothing.</param>
    internal static async ValueTask<SslStream> BeginAsync(Stream inner, UpstreamKey key, UpstreamCredential credential, bool isHttp, CancellationToken ct)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(Options(credential, key, isHttp), ct);
            if (isHttp && key.Http2 && tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            {
                throw new AuthenticationException("the endpoint does not speak HTTP/2");
            }

            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await tls.DisposeAsync();
            throw new UpstreamDialException(UpstreamDialFailure.Tls, $"TLS to {key.Authority}: {e.Message}", e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Options(UpstreamCredential credential, UpstreamKey key, bool isHttp)
    {
        UpstreamTls policy = credential.Policy;
        string name = policy.ServerName ?? key.TlsHost ?? key.Authority[..key.Authority.LastIndexOf(':')];
        return new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = !isHttp ? null : [key.Http2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
            ClientCertificateContext = credential.Shown,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => UpstreamCertificate.IsAccepted(policy, name, certificate as X509Certificate2, chain),
        };
    }
}
