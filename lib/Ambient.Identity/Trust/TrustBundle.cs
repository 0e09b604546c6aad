using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ambient.Identity.Trust;

/// <summary>
/// The roots against which peers are verified. Several at once while a root is rotated: peers with certificates of either
/// root are accepted until the old one is taken out.
/// </summary>
public sealed class TrustBundle
{
    /// <summary>More roots than any rotation needs; what comes from the wire is cut off here.</summary>
    public const int MaxRoots = 64;

    private TrustBundle(ImmutableArray<X509Certificate2> roots) => Roots = roots;

    /// <summary>Without private keys, without duplicates, in the order given.</summary>
    public ImmutableArray<X509Certificate2> Roots { get; }

    /// <summary>Reads concatenated PEM certificates.</summary>
    /// <exception cref="FormatException">No certificate, one that cannot be read, one that is no CA, or too many.</exception>
    public static TrustBundle Parse(string pem) => Of(CertificatePem.Read(pem, MaxRoots));

    /// <exception cref="FormatException">No certificate, one that is no CA, or too many.</exception>
    public static TrustBundle Of(IEnumerable<X509Certificate2> roots)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ImmutableArray<X509Certificate2> distinct = [.. roots.Where(root => seen.Add(FingerprintOf(root)))];
        if (distinct.IsEmpty || distinct.Length > MaxRoots)
        {
            throw new FormatException($"a trust bundle holds 1 to {MaxRoots} roots, not {distinct.Length}");
        }

        foreach (X509Certificate2 root in distinct)
        {
            if (!IsAuthority(root))
            {
                throw new FormatException($"the root '{root.Subject}' is not a CA certificate (BasicConstraints)");
            }
        }

        return new TrustBundle(distinct);
    }

    /// <summary>The roots of both, these first.</summary>
    public TrustBundle Union(TrustBundle other) => Of([.. Roots, .. other.Roots]);

    public bool SameRoots(TrustBundle other) =>
        Roots.Select(FingerprintOf).ToHashSet(StringComparer.Ordinal).SetEquals(other.Roots.Select(FingerprintOf));

    public string ToPem()
    {
        var pem = new StringBuilder();
        foreach (X509Certificate2 root in Roots)
        {
            pem.Append(root.ExportCertificatePem()).Append('\n');
        }

        return pem.ToString();
    }

    internal static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true };

    private static string FingerprintOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);
}
