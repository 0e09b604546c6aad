using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ambient.Identity.Trust;

namespace Ambient.Identity.Issuing;

/// <summary>A server's certificate with its key and what it is sent with.</summary>
public sealed record ServerCertificate(X509Certificate2 Certificate, ImmutableArray<X509Certificate2> Intermediates, TrustBundle Bundle)
{
    /// <summary>For Kestrel or SslStream; make it once and keep it.</summary>
    public SslStreamCertificateContext CreateContext() => SslStreamCertificateContext.Create(Certificate, [.. Intermediates], offline: true);
}
