using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;
using Ambient.Identity.Svids;

namespace Ambient.Identity.Issuing;

/// <summary>
/// Reads a signing request from anybody. Only its public key is ever used: what it asks for besides is compared with what
/// the caller is allowed and never copied into a certificate.
/// </summary>
internal static class SigningRequestCheck
{
    private const int MaxLength = 16 * 1024;
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string P384 = "1.3.132.0.34";
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";

    /// <param name="pem">PKCS#10.</param>
    /// <param name="id">The only URI name that the request may carry; null: it may carry none.</param>
    /// <exception cref="CertificateRefusedException">Unreadable, wrongly signed, a weak key, or a name that is not the authorised one.</exception>
    public static PublicKey PublicKeyOf(string pem, SpiffeId? id)
    {
        CertificateRequest request = Load(pem);
        RequireStrongKey(request.PublicKey);
        RequireOnlyName(request, id);
        return request.PublicKey;
    }

    private static CertificateRequest Load(string pem)
    {
        if (string.IsNullOrEmpty(pem) || pem.Length > MaxLength)
        {
            throw new CertificateRefusedException($"a signing request is PEM of 1 to {MaxLength} characters");
        }

        try
        {
            // Loading verifies the request's own signature: proof that the caller has the key.
            return CertificateRequest.LoadSigningRequestPem(
                pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new CertificateRefusedException($"the signing request cannot be read or is not signed by its key: {cause.Message}", cause);
        }
    }

    private static void RequireStrongKey(PublicKey key)
    {
        bool strong;
        try
        {
            strong = key.Oid.Value switch
            {
                EllipticCurve => CurveOf(key) is P256 or P384,
                Rsa => RsaBits(key) is >= 2048 and <= 8192,
                _ => false,
            };
        }
        catch (CryptographicException cause)
        {
            throw new CertificateRefusedException("the signing request's key cannot be read", cause);
        }

        if (!strong)
        {
            throw new CertificateRefusedException("the signing request's key is neither ECDSA P-256 or P-384 nor RSA of 2048 to 8192 bits");
        }
    }

    private static string? CurveOf(PublicKey key)
    {
        using ECDsa? ecdsa = key.GetECDsaPublicKey();
        return ecdsa?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value;
    }

    private static int RsaBits(PublicKey key)
    {
        using RSA? rsa = key.GetRSAPublicKey();
        return rsa?.KeySize ?? 0;
    }

    private static void RequireOnlyName(CertificateRequest request, SpiffeId? id)
    {
        X509Extension[] names = [.. request.CertificateExtensions.Where(e => e.Oid?.Value == SpiffeSan.Oid).Take(2)];
        if (names.Length == 0)
        {
            return;
        }

        bool readable = SpiffeSan.TryNames(names[0].RawData, out List<string> uris, out int others, out _);
        if (names.Length != 1 || !readable || others != 0 || uris.Count > 1 || (uris.Count == 1 && uris[0] != id?.ToString()))
        {
            throw new CertificateRefusedException(
                id is null ? "the signing request may not name anybody" : $"the signing request names something other than {id}");
        }
    }
}
