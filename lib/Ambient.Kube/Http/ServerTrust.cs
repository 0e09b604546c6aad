using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Kube.Http;

/// <summary>The connection side of a <see cref="KubeConfig"/>: whom to trust, what to present, when to give a connection up.</summary>
internal static class ServerTrust
{
    public static SocketsHttpHandler Handler(KubeConfig config, KubeClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        if (config.Server.Scheme == Uri.UriSchemeHttps)
        {
            handler.SslOptions = SslOptions(config);
        }

        return handler;
    }

    private static SslClientAuthenticationOptions SslOptions(KubeConfig config)
    {
        var ssl = new SslClientAuthenticationOptions
        {
            TargetHost = config.TlsServerName ?? config.Server.Host,
            RemoteCertificateValidationCallback = (_, certificate, presented, errors) => IsTrusted(config, certificate, presented, errors),
        };
        if (config.ClientCertificate is not null || config.Credential is ExecCredential)
        {
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) =>
                ((config.Credential as ExecCredential)?.ClientCertificate ?? config.ClientCertificate)!;
        }

        return ssl;
    }

    private static bool IsTrusted(KubeConfig config, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (config.InsecureSkipTlsVerify)
        {
            return true;
        }

        if (config.CertificateAuthorities is not { Count: > 0 } roots)
        {
            return errors == SslPolicyErrors.None;
        }

        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain.Build(leaf);
    }
}
