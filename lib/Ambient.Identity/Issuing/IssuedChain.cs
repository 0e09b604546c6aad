using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Ambient.Identity.Peers;
using Ambient.Identity.Trust;

namespace Ambient.Identity.Issuing;

/// <summary>
/// What an issuer answers, as istio.v1.auth CreateCertificate carries it: PEM strings, leaf first, roots last. The last one may hold several
/// concatenated roots while roots are rotated.
/// </summary>
public sealed record IssuedChain(ImmutableArray<string> Certificates)
{
    /// <summary>Takes the answer apart.</summary>
    /// <exception cref="FormatException">Fewer than two entries, too many, or something that is no certificate.</exception>
    internal (X509Certificate2 Leaf, ImmutableArray<X509Certificate2> Intermediates, TrustBundle Bundle) Read()
    {
        if (Certificates.IsDefault || Certificates.Length < 2)
        {
            throw new FormatException("an issued chain holds a leaf and at least one root");
        }

        ImmutableArray<X509Certificate2> sent =
            [.. Certificates[..^1].SelectMany(pem => CertificatePem.Read(pem, PeerVerifier.MaxIntermediates + 1)).Take(PeerVerifier.MaxIntermediates + 2)];
        if (sent.IsEmpty || sent.Length > PeerVerifier.MaxIntermediates + 1)
        {
            throw new FormatException($"an issued chain holds a leaf and up to {PeerVerifier.MaxIntermediates} intermediates");
        }

        return (sent[0], sent[1..], TrustBundle.Parse(Certificates[^1]));
    }
}
