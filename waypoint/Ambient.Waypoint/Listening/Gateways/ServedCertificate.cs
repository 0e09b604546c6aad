using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Gateways;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>A certificate ready for handshakes; the context is null when it cannot be used.</summary>
internal sealed class ServedCertificate
{
    private ServedCertificate(SslStreamCertificateContext? context)
    {
        Context = context;
    }

    internal SslStreamCertificateContext? Context { get; }

    internal static ServedCertificate Of(GatewayCertificate certificate, Action<string> failed)
    {
        try
        {
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(certificate.Chain);
            X509Certificate2 leaf = X509Certificate2.CreateFromPem(certificate.Chain, certificate.PrivateKey);
            chain[0].Dispose();
            chain.RemoveAt(0);
            // Offline: nothing is fetched for a chain that has a gap.
            return new ServedCertificate(SslStreamCertificateContext.Create(leaf, chain, offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            failed(e.Message);
            return new ServedCertificate(null);
        }
    }

    internal bool Names(string serverName) => Context!.TargetCertificate.MatchesHostname(serverName);
}
