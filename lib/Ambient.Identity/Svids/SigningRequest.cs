using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;

namespace Ambient.Identity.Svids;

/// <summary>
/// A new key and the request to certify it: ECDSA P-256, SHA-256, empty subject, the id as critical URI name.
/// Owns the key until <see cref="Complete"/> copies it into an SVID.
/// </summary>
public sealed class SigningRequest : IDisposable
{
    private readonly ECDsa _key;

    private SigningRequest(SpiffeId id, ECDsa key, string pem)
    {
        Id = id;
        _key = key;
        Pem = pem;
    }

    public SpiffeId Id { get; }

    /// <summary>PKCS#10, PEM.</summary>
    public string Pem { get; }

    public static SigningRequest Create(SpiffeId id)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(SpiffeSan.Encode(id));
        return new SigningRequest(id, key, request.CreateSigningRequestPem());
    }

    /// <summary>Joins the issued chain with the key after checking that it is what was asked for.</summary>
    /// <exception cref="InvalidSvidException">The chain is for another id or key, is not valid now, or does not lead to its roots.</exception>
    public Svid Complete(Issuing.IssuedChain chain, TimeProvider time) => Svid.Create(Id, chain, _key, time);

    public void Dispose() => _key.Dispose();
}
