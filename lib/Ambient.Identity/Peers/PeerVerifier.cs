using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Identity.Svids;
using Ambient.Identity.Trust;

namespace Ambient.Identity.Peers;

/// <summary>
/// Decides who a peer is from its certificate, in this order: shape of the leaf, its one SPIFFE id, the trust domain, the key usage
/// for its role, and a chain to the bundle's roots that is valid now. The machine's own trust store plays no part and nothing
/// is ever downloaded. DNS names are never looked at.
/// </summary>
public static class PeerVerifier
{
    /// <summary>A sender of more is refused before any signature is checked.</summary>
    public const int MaxIntermediates = 8;

    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public static PeerVerification Verify(
        X509Certificate2? leaf,
        IReadOnlyCollection<X509Certificate2> presentedIntermediates,
        TrustBundle bundle,
        TrustPolicy trust,
        PeerRole role,
        TimeProvider time)
    {
        if (leaf is null)
        {
            return Refuse("the peer presented no certificate");
        }

        if (presentedIntermediates.Count > MaxIntermediates)
        {
            return Refuse($"the peer presented {presentedIntermediates.Count} intermediates; at most {MaxIntermediates} are looked at");
        }

        try
        {
            string? problem = ProblemOfLeaf(leaf, role);
            if (problem is not null)
            {
                return Refuse($"the peer's certificate is refused: {problem}");
            }

            if (SpiffeSan.Read(leaf.Extensions, out problem) is not { } id)
            {
                return Refuse($"the peer's certificate is refused: {problem}");
            }

            if (!trust.Trusts(id))
            {
                return Refuse($"{id} is in trust domain '{id.TrustDomain}', which is neither '{trust.TrustDomain}' nor an alias of it");
            }

            problem = ProblemOfChain(leaf, presentedIntermediates, bundle, role, time);
            return problem is null ? new PeerVerification.Verified(id) : Refuse($"the certificate of {id} is refused: {problem}");
        }
        catch (CryptographicException malformed)
        {
            return Refuse($"the peer's certificate is malformed: {malformed.Message}");
        }
    }

    private static PeerVerification.Refused Refuse(string reason) => new(reason);

    private static string? ProblemOfLeaf(X509Certificate2 leaf, PeerRole role)
    {
        if (TrustBundle.IsAuthority(leaf))
        {
            return "it is a CA certificate";
        }

        X509KeyUsageFlags usage = leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages ?? X509KeyUsageFlags.None;
        if (!usage.HasFlag(X509KeyUsageFlags.DigitalSignature))
        {
            return "its key usage does not include digital signatures";
        }

        if ((usage & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) != 0)
        {
            return "its key usage includes signing certificates or revocation lists";
        }

        // A chain engine takes a missing extension for "any usage"; a peer has to say its role.
        string wanted = UsageOf(role);
        bool has = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(extension => extension.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == wanted));
        return has ? null : $"its extended key usage is not for a TLS {(role == PeerRole.Server ? "server" : "client")}";
    }

    private static string? ProblemOfChain(
        X509Certificate2 leaf, IEnumerable<X509Certificate2> intermediates, TrustBundle bundle, PeerRole role, TimeProvider time)
    {
        using var chain = new X509Chain();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange((X509Certificate2[])[.. bundle.Roots]);
        policy.ExtraStore.AddRange((X509Certificate2[])[.. intermediates]);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationFlags = X509VerificationFlags.NoFlag;
        policy.VerificationTime = time.GetUtcNow().UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(UsageOf(role)));
        bool built = chain.Build(leaf);
        string? problem = built ? null : string.Join("; ", ImmutableArray.Create(chain.ChainStatus).Select(Describe).Distinct());
        foreach (X509ChainElement element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return problem;
    }

    private static string Describe(X509ChainStatus status) => status.Status switch
    {
        X509ChainStatusFlags.NotTimeValid => "it, or a certificate that it rests on, is expired or not yet valid",
        X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot => "it does not lead to a root of this mesh",
        X509ChainStatusFlags.NotValidForUsage => "an issuer may not issue for this usage",
        X509ChainStatusFlags.InvalidBasicConstraints => "an issuer is not a CA, or the chain is longer than an issuer allows",
        X509ChainStatusFlags.NotSignatureValid => "a signature in its chain is wrong",
        var other => other.ToString(),
    };

    private static string UsageOf(PeerRole role) => role == PeerRole.Server ? ServerAuth : ClientAuth;
}
