using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Gateways;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>Whom a listener takes as clients: certificates that lead to its authorities, for client authentication, with one of the names asked for.</summary>
internal sealed class ClientAuthorities
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly ConditionalWeakTable<ListenerTls, ClientAuthorities> s_made = [];

    private readonly X509Certificate2Collection _roots = [];
    private readonly ListenerTls _policy;

    private ClientAuthorities(ListenerTls policy)
    {
        _policy = policy;
        try
        {
            _roots.ImportFromPem(policy.ClientCa);
        }
        catch (CryptographicException)
        {
            // Nobody is let in by authorities that cannot be read.
            _roots.Clear();
        }
    }

    internal static ClientAuthorities Of(ListenerTls policy) => s_made.GetValue(policy, static p => new ClientAuthorities(p));

    internal bool IsValid(X509Certificate2? certificate, X509Chain? sent, DateTimeOffset now)
    {
        if (certificate is null || _roots.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        foreach (X509ChainElement element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate) && (_policy.ClientSubjectAltNames.IsEmpty
            || SubjectNames.Of(certificate).Any(n => _policy.ClientSubjectAltNames.Contains(n.Value, StringComparer.Ordinal)));
    }
}
