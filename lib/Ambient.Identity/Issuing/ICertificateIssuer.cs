using Ambient.Core.Identity;

namespace Ambient.Identity.Issuing;

/// <summary>Whoever signs: the operator's CA over the network, or a CA in this process.</summary>
public interface ICertificateIssuer
{
    /// <param name="id">Identity to certify.</param>
    /// <param name="csrPem">PKCS#10; its subject alternative name is this id.</param>
    /// <param name="lifetime">Wished; the issuer may give less.</param>
    /// <param name="ct">Gives up waiting.</param>
    Task<IssuedChain> IssueAsync(SpiffeId id, string csrPem, TimeSpan lifetime, CancellationToken ct);
}
