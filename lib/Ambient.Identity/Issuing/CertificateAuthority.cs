using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;
using Ambient.Identity.Svids;
using Ambient.Identity.Trust;

namespace Ambient.Identity.Issuing;

/// <summary>
/// Signs SVIDs, with a root of its own or as an intermediate of somebody's PKI (the <c>cacerts</c> layout: ca-cert.pem, ca-key.pem,
/// cert-chain.pem, root-cert.pem). It certifies what it is told: whether a caller may have an identity is decided before.
/// Root rotation: hand out the union of both roots first (<see cref="WithRoots"/>), then sign with the new one, then drop the old root.
/// Safe for use from several threads.
/// </summary>
public sealed class CertificateAuthority : ICertificateIssuer
{
    private readonly SigningKey _signer;
    private readonly ImmutableArray<X509Certificate2> _intermediates;
    private readonly TimeProvider _time;
    private readonly CertificateAuthorityOptions _options;

    private CertificateAuthority(
        SigningKey signer, ImmutableArray<X509Certificate2> intermediates, TrustBundle bundle, TimeProvider time, CertificateAuthorityOptions options)
    {
        _signer = signer;
        _intermediates = intermediates;
        _time = time;
        _options = options;
        Bundle = bundle;
        RootsPem = bundle.ToPem();
    }

    public TrustBundle Bundle { get; }

    /// <summary>Concatenated PEM: what peers verify against.</summary>
    public string RootsPem { get; }

    /// <summary>The signing certificate, ca-cert.pem.</summary>
    public string CertificatePem => _signer.Certificate.ExportCertificatePem() + "\n";

    /// <summary>Its key, PKCS#8, ca-key.pem. For the Secret only.</summary>
    public string KeyPem => _signer.ExportKeyPem();

    /// <summary>cert-chain.pem: the certificates between a leaf and the root; empty when the root signs itself.</summary>
    public string ChainPem => string.Concat(_intermediates.Select(c => c.ExportCertificatePem() + "\n"));

    public DateTimeOffset NotAfter => new(_signer.Certificate.NotAfter.ToUniversalTime());

    /// <summary>A new root, ECDSA P-256.</summary>
    public static CertificateAuthority CreateSelfSigned(string trustDomain, TimeProvider time, CertificateAuthorityOptions? options = null)
    {
        options ??= new();
        SigningKey root = SigningKey.CreateRoot(trustDomain, time.GetUtcNow() - options.ClockSkew, options.RootLifetime);
        return new CertificateAuthority(root, [], TrustBundle.Of([root.Public()]), time, options);
    }

    /// <summary>Loads what is in a Secret and verifies that the parts belong together.</summary>
    /// <param name="certPem">Signing certificate.</param>
    /// <param name="keyPem">Its key: PKCS#8, SEC1 or PKCS#1, unencrypted.</param>
    /// <param name="chainPem">Intermediates up to the root, with or without signing certificate and root; may be empty.</param>
    /// <param name="rootPem">One or more roots.</param>
    /// <param name="time">Clock that certificates are dated by.</param>
    /// <param name="options">Lifetimes.</param>
    /// <exception cref="FormatException">A part is missing or unreadable, the key is another's, or the chain does not lead to the roots.</exception>
    public static CertificateAuthority Load(
        string certPem, string keyPem, string? chainPem, string rootPem, TimeProvider time, CertificateAuthorityOptions? options = null)
    {
        SigningKey signer = SigningKey.Load(certPem, keyPem);
        var bundle = TrustBundle.Parse(rootPem);
        ImmutableArray<X509Certificate2> between = AuthorityChain.Between(signer.Certificate, chainPem ?? "");
        AuthorityChain.Require(signer.Certificate, between, bundle, time);
        return new CertificateAuthority(signer, between, bundle, time, options ?? new());
    }

    /// <summary>The same CA that also hands out other roots.</summary>
    public CertificateAuthority WithRoots(TrustBundle others) => new(_signer, _intermediates, Bundle.Union(others), _time, _options);

    /// <summary>Certifies the request's key as the id. The request may name this id or nothing.</summary>
    /// <param name="id">Identity that the caller was found to be entitled to.</param>
    /// <param name="csrPem">PKCS#10.</param>
    /// <param name="lifetime">Clamped to the options and to the CA's own end; zero or less means the default.</param>
    /// <exception cref="CertificateRefusedException">The request is not acceptable, or this CA has expired.</exception>
    public IssuedChain Sign(SpiffeId id, string csrPem, TimeSpan lifetime) =>
        Chain(Leaf(SigningRequestCheck.PublicKeyOf(csrPem, id), SpiffeSan.Encode(id), lifetime));

    /// <summary>A certificate with a new key for a server that is reached by DNS name: the operator's own endpoint.</summary>
    /// <exception cref="CertificateRefusedException">This CA has expired.</exception>
    public ServerCertificate SignServer(IReadOnlyCollection<string> dnsNames, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 leaf = Leaf(new PublicKey(key), SpiffeSan.EncodeDns(dnsNames), lifetime);
        return new ServerCertificate(leaf.CopyWithPrivateKey(key), _intermediates, Bundle);
    }

    public Task<IssuedChain> IssueAsync(SpiffeId id, string csrPem, TimeSpan lifetime, CancellationToken ct) =>
        ct.IsCancellationRequested ? Task.FromCanceled<IssuedChain>(ct) : Task.FromResult(Sign(id, csrPem, lifetime));

    private X509Certificate2 Leaf(PublicKey key, X509Extension names, TimeSpan lifetime)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (now >= NotAfter)
        {
            throw new CertificateRefusedException($"the CA's own certificate expired at {NotAfter:O}");
        }

        TimeSpan wished = lifetime > TimeSpan.Zero ? lifetime : _options.DefaultLifetime;
        TimeSpan given = TimeSpan.FromTicks(Math.Clamp(wished.Ticks, _options.MinLifetime.Ticks, _options.MaxLifetime.Ticks));
        DateTimeOffset end = now + given < NotAfter ? now + given : NotAfter;
        return _signer.Sign(key, names, now - _options.ClockSkew, end);
    }

    private IssuedChain Chain(X509Certificate2 leaf)
    {
        using (leaf)
        {
            return new IssuedChain([leaf.ExportCertificatePem() + "\n", .. _intermediates.Select(c => c.ExportCertificatePem() + "\n"), RootsPem]);
        }
    }
}
