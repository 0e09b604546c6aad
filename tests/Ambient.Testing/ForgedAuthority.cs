using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Identity.Trust;

namespace Ambient.Testing;

/// <summary>Signs anything, right or wrong: for tests that attack the verification of certificates.</summary>
public sealed class ForgedAuthority
{
    private readonly ECDsa _key;
    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private ForgedAuthority(ECDsa key, X509Certificate2 certificate, TimeProvider time)
    {
        _key = key;
        _certificate = certificate;
        _time = time;
    }

    /// <summary>Without key.</summary>
    public X509Certificate2 Certificate => _certificate;

    public TrustBundle Bundle => TrustBundle.Of([_certificate]);

    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    public string KeyPem => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public static ForgedAuthority Root(TimeProvider time, string name = "CN=root", int? pathLength = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = AuthorityRequest(name, key, isAuthority: true, pathLength);
        using X509Certificate2 made = request.CreateSelfSigned(time.GetUtcNow().AddHours(-1), time.GetUtcNow().AddYears(5));
        return new ForgedAuthority(key, X509CertificateLoader.LoadCertificate(made.RawData), time);
    }

    public ForgedAuthority Intermediate(string name = "CN=intermediate", bool isAuthority = true, int? pathLength = null, TimeSpan? lifetime = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = AuthorityRequest(name, key, isAuthority, pathLength);
        return new ForgedAuthority(key, Sign(request, lifetime ?? TimeSpan.FromDays(30)), _time);
    }

    /// <summary>A leaf with its key; what the certificate says is up to the test.</summary>
    public X509Certificate2 Leaf(ForgedLeaf leaf)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(leaf.IsAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(leaf.KeyUsage, true));
        if (leaf.ExtendedKeyUsages.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. leaf.ExtendedKeyUsages.Select(oid => new Oid(oid))], false));
        }

        if (leaf.Uris.Length + leaf.DnsNames.Length > 0)
        {
            request.CertificateExtensions.Add(Names(leaf));
        }

        using X509Certificate2 certificate = Sign(request, leaf.Lifetime, leaf.StartsIn);
        return certificate.CopyWithPrivateKey(key);
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa key, bool isAuthority, int? pathLength)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, pathLength is not null, pathLength ?? 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            isAuthority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static X509Extension Names(ForgedLeaf leaf)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string uri in leaf.Uris)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
            }

            foreach (string name in leaf.DnsNames)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
            }
        }

        return new X509Extension("2.5.29.17", writer.Encode(), true);
    }

    private X509Certificate2 Sign(CertificateRequest request, TimeSpan lifetime, TimeSpan startsIn = default)
    {
        DateTimeOffset from = _time.GetUtcNow().AddMinutes(-5) + startsIn;
        return request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from, from.AddMinutes(5) + lifetime, RandomNumberGenerator.GetBytes(12));
    }
}
