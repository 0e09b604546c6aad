using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Ambient.Identity.Peers;
using Ambient.Identity.Trust;

namespace Ambient.Identity.Issuing;

/// <summary>The certificates between a plugged-in CA's leaves and its roots.</summary>
internal static class AuthorityChain
{
    /// <summary>Signing certificate first, then its issuers as far as given; self-signed ones are roots and stay out.</summary>
    public static ImmutableArray<X509Certificate2> Between(X509Certificate2 signer, string chainPem)
    {
        var between = new List<X509Certificate2>();
        IEnumerable<X509Certificate2> given = [PublicPart(signer), .. Trust.CertificatePem.Read(chainPem, PeerVerifier.MaxIntermediates + 2)];
        foreach (X509Certificate2 certificate in given)
        {
            bool selfSigned = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
            if (!selfSigned && !between.Exists(known => known.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
            {
                between.Add(certificate);
            }
        }

        return between.Count <= PeerVerifier.MaxIntermediates
            ? [.. between]
            : throw new FormatException($"the CA chain has more than {PeerVerifier.MaxIntermediates} intermediates");
    }

    /// <exception cref="FormatException">The signing certificate does not lead to the roots now.</exception>
    public static void Require(X509Certificate2 signer, ImmutableArray<X509Certificate2> between, TrustBundle bundle, TimeProvider time)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange((X509Certificate2[])[.. bundle.Roots]);
        chain.ChainPolicy.ExtraStore.AddRange((X509Certificate2[])[.. between]);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        if (!chain.Build(signer))
        {
            string why = string.Join(", ", chain.ChainStatus.Select(status => status.Status));
            throw new FormatException($"ca-cert.pem does not lead to root-cert.pem: {why}");
        }
    }

    private static X509Certificate2 PublicPart(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);
}
