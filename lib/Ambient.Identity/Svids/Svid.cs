using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Peers;
using Ambient.Identity.Trust;

namespace Ambient.Identity.Svids;

/// <summary>
/// A workload's certificate with its key, the intermediates it is sent with, and the roots that came with it (X.509-SVID).
/// Immutable; connections keep using the one they began with, so nobody disposes it: the last one to let go does.
/// </summary>
public sealed class Svid
{
    private readonly Lazy<SslStreamCertificateContext> _context;

    private Svid(SpiffeId id, X509Certificate2 certificate, ImmutableArray<X509Certificate2> intermediates, TrustBundle bundle)
    {
        Id = id;
        Certificate = certificate;
        Intermediates = intermediates;
        Bundle = bundle;
        NotBefore = new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        NotAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        _context = new(() => SslStreamCertificateContext.Create(Certificate, [.. Intermediates], offline: true));
    }

    public SpiffeId Id { get; }

    /// <summary>With the private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Issuer of the leaf first; the root is not among them and is never sent.</summary>
    public ImmutableArray<X509Certificate2> Intermediates { get; }

    public TrustBundle Bundle { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>Built once; TLS libraries prepare key and chain here, not in every handshake.</summary>
    public SslStreamCertificateContext Context => _context.Value;

    /// <summary>Lower-case hexadecimal.</summary>
    public string SerialNumber => Certificate.SerialNumber.ToLowerInvariant();

    public bool IsValidAt(DateTimeOffset instant) => NotBefore <= instant && instant < NotAfter;

    /// <summary>Leaf and intermediates, as they are sent.</summary>
    public string ChainPem()
    {
        var pem = new StringBuilder(Certificate.ExportCertificatePem()).Append('\n');
        foreach (X509Certificate2 intermediate in Intermediates)
        {
            pem.Append(intermediate.ExportCertificatePem()).Append('\n');
        }

        return pem.ToString();
    }

    /// <summary>PKCS#8, unencrypted: for peers and tests outside this process, never for a log.</summary>
    public string KeyPem()
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)Certificate.GetECDsaPrivateKey() ?? Certificate.GetRSAPrivateKey()
            ?? throw new InvalidOperationException("the SVID has no private key");
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Joins key and chain, believing nothing: the issuer's answer is verified as a peer's certificate would be.</summary>
    /// <exception cref="InvalidSvidException">Another id or key, not valid now, or no way to the roots that came with it.</exception>
    public static Svid Create(SpiffeId id, IssuedChain chain, ECDsa key, TimeProvider time)
    {
        try
        {
            (X509Certificate2 leaf, ImmutableArray<X509Certificate2> intermediates, TrustBundle bundle) = chain.Read();
            RequireIdentity(id, PeerVerifier.Verify(leaf, intermediates, bundle, new TrustPolicy(id.TrustDomain), PeerRole.Server, time));
            RequireIdentity(id, PeerVerifier.Verify(leaf, intermediates, bundle, new TrustPolicy(id.TrustDomain), PeerRole.Client, time));
            return new Svid(id, leaf.CopyWithPrivateKey(key), intermediates, bundle);
        }
        catch (Exception cause) when (cause is FormatException or CryptographicException or ArgumentException)
        {
            // CopyWithPrivateKey says by ArgumentException that the key is another one.
            throw new InvalidSvidException(id, cause.Message, cause);
        }
    }

    private static void RequireIdentity(SpiffeId id, PeerVerification verification)
    {
        string? problem = verification switch
        {
            PeerVerification.Refused refused => refused.Reason,
            PeerVerification.Verified verified when verified.Id != id => $"it is for {verified.Id}",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InvalidSvidException(id, problem);
        }
    }
}
