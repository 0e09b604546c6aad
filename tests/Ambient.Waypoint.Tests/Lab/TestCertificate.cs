using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>A certificate of the test's own authority, for servers and clients.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TestCertificate(string name, TestCertificate? issuer)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        if (issuer is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 signed = issuer is null
            ? request.CreateSelfSigned(now.AddHours(-1), now.AddHours(2))
            : request.Create(issuer.Certificate, now.AddHours(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        Certificate = issuer is null ? X509CertificateLoader.LoadCertificate(signed.RawData).CopyWithPrivateKey(_key) : signed.CopyWithPrivateKey(_key);
    }

    internal X509Certificate2 Certificate { get; }

    internal string ChainPem => Certificate.ExportCertificatePem() + "\n";

    internal string KeyPem => _key.ExportPkcs8PrivateKeyPem() + "\n";

    internal static TestCertificate Authority(string name = "authority.example") => new(name, null);

    internal TestCertificate Issue(string name) => new(name, this);

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
