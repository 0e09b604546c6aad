using System.Collections.Immutable;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;
using Ambient.Identity.Peers;
using Ambient.Identity.Svids;
using Ambient.Identity.Trust;

namespace Ambient.Identity.Tls;

/// <summary>
/// TLS as the mesh speaks it: version 1.3 only, ALPN <c>h2</c>, certificates on both sides, no server name, no resumption (a resumed
/// session would skip the verification of a certificate that may have been replaced). Peers are verified by <see cref="PeerVerifier"/> alone.
/// </summary>
public static class MeshTls
{
    private static readonly ConditionalWeakTable<Svid, ServerOptions> Servers = [];

    // AES only: every machine that this runs on has it in hardware, and 128 bits is the faster one.
    private static readonly CipherSuitesPolicy? Ciphers = OperatingSystem.IsLinux()
        ? new CipherSuitesPolicy([TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384])
        : null;

    /// <summary>Options for accepting as this SVID; the same object for the same SVID and policy, so do not change it.</summary>
    public static SslServerAuthenticationOptions Server(Svid svid, TrustPolicy trust) => Server(svid, trust, TimeProvider.System);

    /// <inheritdoc cref="Server(Svid, TrustPolicy)"/>
    public static SslServerAuthenticationOptions Server(Svid svid, TrustPolicy trust, TimeProvider time)
    {
        if (Servers.TryGetValue(svid, out ServerOptions? cached) && cached.Trust.Equals(trust) && ReferenceEquals(cached.Time, time))
        {
            return cached.Options;
        }

        var options = new ServerOptions(trust, time, BuildServer(svid, trust, time));
        Servers.AddOrUpdate(svid, options);
        return options.Options;
    }

    /// <summary>Options for connecting as this SVID to a peer that must present one of the expected ids; none expected refuses all.</summary>
    public static SslClientAuthenticationOptions Client(Svid svid, TrustPolicy trust, ImmutableArray<SpiffeId> expected) =>
        Client(svid, trust, expected, TimeProvider.System);

    /// <inheritdoc cref="Client(Svid, TrustPolicy, ImmutableArray{SpiffeId})"/>
    public static SslClientAuthenticationOptions Client(
        Svid svid, TrustPolicy trust, ImmutableArray<SpiffeId> expected, TimeProvider time) => new()
        {
            TargetHost = "",
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateContext = svid.Context,
            CipherSuitesPolicy = Ciphers,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PlatformPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                VerifyServer(certificate, chain, svid, trust, expected, time) is PeerVerification.Verified,
        };

    /// <summary>
    /// Whom a finished handshake is with. Refused when the handshake was not one of this mesh: no certificate, or no <c>h2</c>.
    /// </summary>
    public static PeerVerification PeerOf(SslStream stream)
    {
        if (stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            return new PeerVerification.Refused("the peer did not agree on ALPN h2");
        }

        // The certificate was verified in the handshake; here it is only read again.
        if (stream.RemoteCertificate is not X509Certificate2 certificate)
        {
            return new PeerVerification.Refused("the peer presented no certificate");
        }

        return SpiffeSan.Read(certificate.Extensions, out string? problem) is { } id
            ? new PeerVerification.Verified(id)
            : new PeerVerification.Refused($"the peer's certificate is refused: {problem}");
    }

    private static SslServerAuthenticationOptions BuildServer(Svid svid, TrustPolicy trust, TimeProvider time) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        ServerCertificateContext = svid.Context,
        ClientCertificateRequired = true,
        CipherSuitesPolicy = Ciphers,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = PlatformPolicy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            PeerVerifier.Verify(certificate as X509Certificate2, Presented(chain, certificate), svid.Bundle, trust, PeerRole.Client, time)
                is PeerVerification.Verified,
    };

    private static PeerVerification VerifyServer(
        X509Certificate? certificate, X509Chain? chain, Svid svid, TrustPolicy trust, ImmutableArray<SpiffeId> expected, TimeProvider time)
    {
        PeerVerification verification = PeerVerifier.Verify(
            certificate as X509Certificate2, Presented(chain, certificate), svid.Bundle, trust, PeerRole.Server, time);
        return verification is PeerVerification.Verified { Id: var id } && !expected.Contains(id)
            ? new PeerVerification.Refused($"the server is {id}, which is not expected here")
            : verification;
    }

    // The platform builds a chain of its own before it asks us. Its verdict is not used; the policy keeps it from
    // reading the machine's trust store and from fetching anything over the network.
    private static X509ChainPolicy PlatformPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    private static List<X509Certificate2> Presented(X509Chain? chain, X509Certificate? leaf) => chain is null
        ? []
        : [.. chain.ChainPolicy.ExtraStore.Where(certificate => !certificate.Equals(leaf))];

    private sealed record ServerOptions(TrustPolicy Trust, TimeProvider Time, SslServerAuthenticationOptions Options);
}
