using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Svids;
using Ambient.Testing;

namespace Ambient.Identity.Tests.Svids;

public sealed class SigningRequestTests
{
    private static readonly SpiffeId Orders = SpiffeId.Parse("spiffe://cluster.local/ns/shop/sa/orders");

    private readonly ManualTime _time = new();

    [Fact]
    public void Create_AnyId_IsP256WithEmptySubjectAndCriticalUri()
    {
        using SigningRequest request = SigningRequest.Create(Orders);
        var read = CertificateRequest.LoadSigningRequestPem(
            request.Pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        Assert.Equal("", read.SubjectName.Name);
        X509Extension san = Assert.Single(read.CertificateExtensions);
        Assert.True(san.Critical);
        Assert.Equal(Orders, SpiffeSan.Read([san], out _));
        using ECDsa key = read.PublicKey.GetECDsaPublicKey()!;
        Assert.Equal(256, key.KeySize);
    }

    [Fact]
    public void Complete_ChainForAnotherId_Throws()
    {
        using SigningRequest request = SigningRequest.Create(Orders);
        string pem = UnnamedRequest();
        IssuedChain chain = new TestCa(time: _time).Authority.Sign(new("cluster.local", "shop", "admin"), pem, TimeSpan.FromHours(1));
        Assert.Contains("sa/admin", Assert.Throws<InvalidSvidException>(() => request.Complete(chain, _time)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_ChainForAnotherKey_Throws()
    {
        using SigningRequest request = SigningRequest.Create(Orders);
        using SigningRequest other = SigningRequest.Create(Orders);
        IssuedChain chain = new TestCa(time: _time).Authority.Sign(Orders, other.Pem, TimeSpan.FromHours(1));
        Assert.Throws<InvalidSvidException>(() => request.Complete(chain, _time));
    }

    [Fact]
    public void Complete_RootsOfAnotherCa_Throws()
    {
        using SigningRequest request = SigningRequest.Create(Orders);
        IssuedChain chain = new TestCa(time: _time).Authority.Sign(Orders, request.Pem, TimeSpan.FromHours(1));
        var mixed = new IssuedChain([chain.Certificates[0], new TestCa(time: _time).Authority.RootsPem]);
        Assert.Throws<InvalidSvidException>(() => request.Complete(mixed, _time));
    }

    [Fact]
    public void Complete_GarbageOrTooShort_Throws()
    {
        using SigningRequest request = SigningRequest.Create(Orders);
        string roots = new TestCa(time: _time).Authority.RootsPem;
        Assert.Throws<InvalidSvidException>(() => request.Complete(new([roots]), _time));
        Assert.Throws<InvalidSvidException>(() => request.Complete(new(["no PEM", roots]), _time));
        Assert.Throws<InvalidSvidException>(() => request.Complete(new(["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", roots]), _time));
    }

    [Fact]
    public void Svid_Exported_IsPemThatOthersRead()
    {
        Svid svid = new TestCa(time: _time).Issue("shop", "orders");
        using X509Certificate2 read = X509Certificate2.CreateFromPem(svid.ChainPem(), svid.KeyPem());
        Assert.True(read.HasPrivateKey);
        Assert.Equal(svid.SerialNumber, read.SerialNumber.ToLowerInvariant());
    }

    private static string UnnamedRequest()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }
}
