using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Compile.Tests.Conformance;

/// <summary>A Secret with a certificate of its own and the key.</summary>
internal static class TestSecret
{
    public static string Of(string name, string ns)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=a.example", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
        string Coded(string text) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(text));
        return $$"""
            ---
            apiVersion: v1
            kind: Secret
            metadata: { name: {{name}}, namespace: {{ns}} }
            type: kubernetes.io/tls
            data: { tls.crt: {{Coded(certificate.ExportCertificatePem())}}, tls.key: {{Coded(key.ExportPkcs8PrivateKeyPem())}} }
            """;
    }
}
