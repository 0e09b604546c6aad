using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Identity.Trust;

namespace Ambient.Identity.Issuing;

/// <summary>A CA certificate with its key, ECDSA or RSA.</summary>
internal sealed class SigningKey
{
    private readonly X509SignatureGenerator _generator;
    private readonly AsymmetricAlgorithm _key;

    private SigningKey(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        Certificate = certificate;
        _key = key;
        _generator = key switch
        {
            ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
            RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
            _ => throw new FormatException("a CA key is ECDSA or RSA"),
        };
    }

    /// <summary>Without the key.</summary>
    public X509Certificate2 Certificate { get; }

    public X509Certificate2 Public() => X509CertificateLoader.LoadCertificate(Certificate.RawData);

    public string ExportKeyPem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public static SigningKey CreateRoot(string trustDomain, DateTimeOffset from, TimeSpan lifetime)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName(trustDomain);

        // Roots made one after another must have different names, or a chain engine takes one for the other during rotation.
        name.AddCommonName($"Ambient root {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 root = request.CreateSelfSigned(from, from + lifetime);
        return new SigningKey(X509CertificateLoader.LoadCertificate(root.RawData), key);
    }

    /// <exception cref="FormatException">Unreadable, not a CA, or the key is another's.</exception>
    public static SigningKey Load(string certPem, string keyPem)
    {
        X509Certificate2 certificate = Trust.CertificatePem.Read(certPem, PeerChainLimit).FirstOrDefault()
            ?? throw new FormatException("ca-cert.pem holds no certificate");
        bool signs = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is not { } usage
            || usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign);
        if (!TrustBundle.IsAuthority(certificate) || !signs)
        {
            throw new FormatException($"ca-cert.pem, '{certificate.Subject}', is not a certificate that may sign others");
        }

        try
        {
            AsymmetricAlgorithm key = certificate.PublicKey.Oid.Value == "1.2.840.10045.2.1" ? ECDsa.Create() : RSA.Create();
            key.ImportFromPem(keyPem);
            using X509Certificate2 _ = key is ECDsa ecdsa ? certificate.CopyWithPrivateKey(ecdsa) : certificate.CopyWithPrivateKey((RSA)key);
            return new SigningKey(certificate, key);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            throw new FormatException($"ca-key.pem is not the key of ca-cert.pem: {cause.Message}", cause);
        }
    }

    /// <summary>Signs an end-entity certificate with empty subject.</summary>
    public X509Certificate2 Sign(PublicKey key, X509Extension names, DateTimeOffset from, DateTimeOffset to)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature;
        if (key.Oid.Value == "1.2.840.113549.1.1.1")
        {
            usage |= X509KeyUsageFlags.KeyEncipherment;
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, false));
        request.CertificateExtensions.Add(names);

        // 16 random bytes, positive and never zero (RFC 5280 §4.1.2.2).
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return request.Create(Certificate.SubjectName, _generator, from, to, serial);
    }

    private const int PeerChainLimit = 10;
}
