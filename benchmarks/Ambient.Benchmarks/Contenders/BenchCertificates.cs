using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Svids;

namespace Ambient.Benchmarks.Contenders;

/// <summary>
/// One CA for all: ztunnel issues its own SVIDs from it, the peers get one SVID and one server certificate of the same kind (P-256).
/// </summary>
internal static class BenchCertificates
{
    /// <summary>The name that the peers' servers carry and their clients verify.</summary>
    public const string ServerName = "bench";

    public static void Write(string folder)
    {
        CertificateAuthority authority = CertificateAuthority.CreateSelfSigned(MeshDefaults.TrustDomain, TimeProvider.System);
        Directory.CreateDirectory(folder);
        Put("ca-cert.pem", authority.CertificatePem);
        Put("ca-key.pem", authority.KeyPem);
        Put("root-cert.pem", authority.RootsPem);

        SpiffeId id = new(MeshDefaults.TrustDomain, "bench", "peer");
        using SigningRequest request = SigningRequest.Create(id);
        Svid svid = request.Complete(authority.Sign(id, request.Pem, TimeSpan.FromHours(1)), TimeProvider.System);
        Put("client.pem", svid.Certificate.ExportCertificatePem());
        Put("client-key.pem", svid.KeyPem());
        Put("client-both.pem", svid.Certificate.ExportCertificatePem() + "\n" + svid.KeyPem());

        ServerCertificate server = authority.SignServer([ServerName], TimeSpan.FromHours(1));
        using ECDsa key = server.Certificate.GetECDsaPrivateKey()!;
        Put("server.pem", server.Certificate.ExportCertificatePem());
        Put("server-key.pem", key.ExportPkcs8PrivateKeyPem());
        Put("server-both.pem", server.Certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());

        void Put(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text.TrimEnd() + "\n");
    }
}
