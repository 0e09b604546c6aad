using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Identity.Trust;

/// <summary>Bounded reading of concatenated PEM certificates.</summary>
internal static class CertificatePem
{
    private const int MaxLength = 1 << 20;

    /// <exception cref="FormatException">Too long, too many, or not a certificate.</exception>
    public static ImmutableArray<X509Certificate2> Read(string? pem, int max)
    {
        if (pem is null || pem.Length > MaxLength)
        {
            throw new FormatException($"PEM certificates are missing or longer than {MaxLength} characters");
        }

        var certificates = ImmutableArray.CreateBuilder<X509Certificate2>();
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            if (rest[fields.Label] is not "CERTIFICATE")
            {
                throw new FormatException($"expected a PEM CERTIFICATE, found '{rest[fields.Label]}'");
            }

            if (certificates.Count == max)
            {
                throw new FormatException($"more than {max} PEM certificates");
            }

            certificates.Add(ReadOne(rest[fields.Base64Data]));
            rest = rest[fields.Location.End..];
        }

        return certificates.DrainToImmutable();
    }

    private static X509Certificate2 ReadOne(ReadOnlySpan<char> base64)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64.ToString()));
        }
        catch (CryptographicException cause)
        {
            throw new FormatException($"a PEM certificate cannot be read: {cause.Message}", cause);
        }
    }
}
