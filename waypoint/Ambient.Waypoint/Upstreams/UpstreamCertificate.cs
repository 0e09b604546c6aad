using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Upstreams;

/// <summary>Whether an endpoint's certificate is what the policy asks for: chain, then name.</summary>
internal static class UpstreamCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string SubjectAltName = "2.5.29.17";

    internal static bool IsAccepted(UpstreamTls policy, string name, X509Certificate2? certificate, X509Chain? sent)
    {
        if (certificate is null)
        {
            return false;
        }

        return policy.SkipVerification || (Names(policy, name, certificate) && Chains(policy, certificate, sent));
    }

    private static bool Names(UpstreamTls policy, string name, X509Certificate2 certificate)
    {
        if (policy.SubjectAltNames.IsEmpty)
        {
            return certificate.MatchesHostname(name);
        }

        foreach (string wanted in policy.SubjectAltNames)
        {
            if (UriNames(certificate).Contains(wanted, StringComparer.Ordinal)
                || (Uri.CheckHostName(wanted) != UriHostNameType.Unknown && certificate.MatchesHostname(wanted, allowWildcards: true, allowCommonName: false)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Chains(UpstreamTls policy, X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ServerAuthentication));
        if (policy.CaCertificates.Length > 0)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.ImportFromPem(policy.CaCertificates);
        }

        foreach (X509ChainElement element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    // GeneralName [6] uniformResourceIdentifier (RFC 5280 §4.2.1.6).
    private static IEnumerable<string> UriNames(X509Certificate2 certificate)
    {
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != SubjectAltName)
            {
                continue;
            }

            var names = new System.Formats.Asn1.AsnReader(extension.RawData, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                System.Formats.Asn1.Asn1Tag tag = names.PeekTag();
                if (tag is { TagClass: System.Formats.Asn1.TagClass.ContextSpecific, TagValue: 6 })
                {
                    yield return names.ReadCharacterString(System.Formats.Asn1.UniversalTagNumber.IA5String, tag);
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }
    }
}
