using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Kube.Emulator.Authentication;

/// <summary>The cluster's certificate authority: made at start, kept in memory, never written.</summary>
internal sealed class ClusterAuthority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private readonly X509Certificate2 authority;
    private readonly TimeProvider time;

    public ClusterAuthority(TimeProvider time)
    {
        this.time = time;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ambient-emulator-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset now = time.GetUtcNow();
        authority = request.CreateSelfSigned(now.AddHours(-1), now + Lifetime * 10);
        Pem = authority.ExportCertificatePem() + "\n";
    }

    public string Pem { get; }

    public X509Certificate2 Server(IEnumerable<string> names)
    {
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (string name in names.Distinct())
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternative.AddIpAddress(address);
            }
            else
            {
                alternative.AddDnsName(name);
            }
        }

        using X509Certificate2 leaf = Issue("CN=kube-apiserver", "1.3.6.1.5.5.7.3.1", alternative.Build(), out ECDsa key);
        using (key)
        {
            using X509Certificate2 withKey = leaf.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }
    }

    public (string CertificatePem, string KeyPem) Client(string user, IEnumerable<string> groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (string group in groups)
        {
            subject.AddOrganizationName(group);
        }

        subject.AddCommonName(user);
        using X509Certificate2 leaf = Issue(subject.Build().Name, "1.3.6.1.5.5.7.3.2", null, out ECDsa key, subject.Build());
        using (key)
        {
            return (leaf.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        }
    }

    /// <summary>True where this authority signed the certificate, it is valid now and it is one of a client.</summary>
    public bool IsOurs(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = time.GetLocalNow().DateTime;
        return chain.Build(certificate);
    }

    public void Dispose() => authority.Dispose();

    private X509Certificate2 Issue(string name, string usage, X509Extension? alternative, out ECDsa key, X500DistinguishedName? subject = null)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject ?? new X500DistinguishedName(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (alternative is not null)
        {
            request.CertificateExtensions.Add(alternative);
        }

        DateTimeOffset now = time.GetUtcNow();
        return request.Create(authority, now.AddHours(-1), now + Lifetime, RandomNumberGenerator.GetBytes(16));
    }
}
