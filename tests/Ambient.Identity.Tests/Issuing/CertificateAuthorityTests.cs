using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Peers;
using Ambient.Identity.Svids;
using Ambient.Identity.Trust;
using Ambient.Testing;

namespace Ambient.Identity.Tests.Issuing;

public sealed class CertificateAuthorityTests
{
    private static readonly SpiffeId Orders = SpiffeId.Parse("spiffe://cluster.local/ns/shop/sa/orders");

    private readonly ManualTime _time = new();
    private readonly CertificateAuthority _authority;

    public CertificateAuthorityTests() => _authority = CertificateAuthority.CreateSelfSigned("cluster.local", _time);

    [Fact]
    public void Sign_ProperRequest_LeafHasWhatAnSvidHas()
    {
        X509Certificate2 leaf = Leaf(Sign(Orders, Request(Orders)));
        Assert.Equal("", leaf.Subject);
        X509Extension san = leaf.Extensions.Single(e => e.Oid!.Value == SpiffeSan.Oid);
        Assert.True(san.Critical);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(2, leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Count);
    }

    [Fact]
    public void Sign_TwoRequests_DifferentSerials() =>
        Assert.NotEqual(Leaf(Sign(Orders, Request(Orders))).SerialNumber, Leaf(Sign(Orders, Request(Orders))).SerialNumber);

    [Theory]
    [InlineData(0, 24 * 60)]
    [InlineData(-5, 24 * 60)]
    [InlineData(60, 60)]
    [InlineData(100 * 24 * 60, 24 * 60)]
    public void Sign_WishedMinutes_Clamped(int wished, int given)
    {
        X509Certificate2 leaf = Leaf(_authority.Sign(Orders, Request(Orders), TimeSpan.FromMinutes(wished)));
        Assert.Equal(_time.GetUtcNow().AddMinutes(given), leaf.NotAfter.ToUniversalTime(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Sign_NearTheCasEnd_LeafEndsWithIt()
    {
        _time.Advance(_authority.NotAfter - _time.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.Equal(_authority.NotAfter.UtcDateTime, Leaf(Sign(Orders, Request(Orders))).NotAfter.ToUniversalTime());
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Throws<CertificateRefusedException>(() => Sign(Orders, Request(Orders)));
    }

    [Fact]
    public void Sign_RequestWithoutNames_CertifiesTheAuthorisedId() =>
        Assert.Equal(Orders, SpiffeSan.Read(Leaf(Sign(Orders, Pem(P256(), []))).Extensions, out _));

    [Fact]
    public void Sign_RequestForAnotherId_Refused() =>
        Refused("names something other", () => Sign(Orders, Request(SpiffeId.Parse("spiffe://cluster.local/ns/shop/sa/admin"))));

    [Fact]
    public void Sign_RequestWithDnsName_Refused()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(Orders.ToString()));
        names.AddDnsName("orders.shop");
        Refused("names something other", () => Sign(Orders, Pem(P256(), [names.Build(true)])));
    }

    [Fact]
    public void Sign_RequestWithIdTwice_Refused()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(Orders.ToString()));
        names.AddUri(new Uri(Orders.ToString()));
        Refused("names something other", () => Sign(Orders, Pem(P256(), [names.Build(true)])));
    }

    [Fact]
    public void Sign_RequestThatWantsToBeCa_LeafIsNone()
    {
        X509Certificate2 leaf = Leaf(Sign(Orders, Pem(P256(), [new X509BasicConstraintsExtension(true, false, 0, true)])));
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    [Fact]
    public void Sign_KeysOfEveryKind_OnlyStrongOnesAreSigned()
    {
        Sign(Orders, Pem(P256(), []));
        Sign(Orders, Pem(new CertificateRequest("", ECDsa.Create(ECCurve.NamedCurves.nistP384), HashAlgorithmName.SHA256), []));
        Sign(Orders, Pem(new CertificateRequest("", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), []));
        Refused("neither", () => Sign(Orders, Pem(new CertificateRequest("", ECDsa.Create(ECCurve.NamedCurves.nistP521), HashAlgorithmName.SHA256), [])));
        Refused("neither", () => Sign(Orders, Pem(new CertificateRequest("", RSA.Create(1024), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), [])));
    }

    [Fact]
    public void Sign_RequestSignedByAnotherKey_Refused()
    {
        byte[] der = P256().CreateSigningRequest();
        der[^1] ^= 1;
        Refused("not signed by its key", () => Sign(Orders, PemEncoding.WriteString("CERTIFICATE REQUEST", der)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not PEM")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----")]
    public void Sign_Garbage_Refused(string pem) => Assert.Throws<CertificateRefusedException>(() => Sign(Orders, pem));

    [Fact]
    public void Sign_HugeRequest_Refused() => Refused("characters", () => Sign(Orders, new string('A', 1 << 20)));

    [Fact]
    public void Load_WhatWasExported_SignsForTheSameRoots()
    {
        var loaded = CertificateAuthority.Load(_authority.CertificatePem, _authority.KeyPem, _authority.ChainPem, _authority.RootsPem, _time);
        Assert.True(loaded.Bundle.SameRoots(_authority.Bundle));
        Verified(loaded.Sign(Orders, Request(Orders), TimeSpan.FromHours(1)), _authority.Bundle);
    }

    [Fact]
    public void Load_IntermediateOfAnotherPki_ChainLeadsToItsRoot()
    {
        ForgedAuthority root = ForgedAuthority.Root(_time, "CN=corporate");
        ForgedAuthority middle = root.Intermediate("CN=middle");
        ForgedAuthority signer = middle.Intermediate("CN=signer");
        string chain = signer.CertificatePem + middle.CertificatePem + root.CertificatePem;
        var authority = CertificateAuthority.Load(signer.CertificatePem, signer.KeyPem, chain, root.CertificatePem, _time);
        IssuedChain issued = authority.Sign(Orders, Request(Orders), TimeSpan.FromHours(1));
        Assert.Equal(4, issued.Certificates.Length);
        Assert.Equal(root.CertificatePem, issued.Certificates[^1]);
        Verified(issued, root.Bundle);
    }

    [Fact]
    public void Load_KeyOfAnother_Throws() => Assert.Contains(
        "ca-key.pem",
        Assert.Throws<FormatException>(() => Load(ForgedAuthority.Root(_time).KeyPem, _authority.RootsPem)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Load_RootOfAnother_Throws() => Assert.Contains(
        "root-cert.pem",
        Assert.Throws<FormatException>(() => Load(_authority.KeyPem, ForgedAuthority.Root(_time).CertificatePem)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void WithRoots_NewRoot_EarlierAndLaterSvidsVerify()
    {
        var next = CertificateAuthority.CreateSelfSigned("cluster.local", _time);
        CertificateAuthority both = _authority.WithRoots(next.Bundle);
        IssuedChain during = both.Sign(Orders, Request(Orders), TimeSpan.FromHours(1));
        TrustBundle handedOut = TrustBundle.Parse(during.Certificates[^1]);
        Assert.Equal(2, handedOut.Roots.Length);
        Verified(next.Sign(Orders, Request(Orders), TimeSpan.FromHours(1)), handedOut);
        Verified(during, handedOut);
    }

    [Fact]
    public void SignServer_DnsNames_AreInTheCertificate()
    {
        ServerCertificate server = _authority.SignServer(["ambient-operator.ambient-system.svc"], TimeSpan.FromHours(1));
        Assert.True(server.Certificate.HasPrivateKey);
        Assert.True(server.Certificate.MatchesHostname("ambient-operator.ambient-system.svc"));
    }

    private IssuedChain Sign(SpiffeId id, string pem) => _authority.Sign(id, pem, TimeSpan.FromHours(24));

    private CertificateAuthority Load(string key, string roots) => CertificateAuthority.Load(_authority.CertificatePem, key, "", roots, _time);

    private void Verified(IssuedChain issued, TrustBundle bundle)
    {
        (X509Certificate2 leaf, var intermediates, _) = issued.Read();
        Assert.Equal(Orders, PeerVerifier.Verify(leaf, intermediates, bundle, new("cluster.local"), PeerRole.Server, _time).VerifiedId);
    }

    private static void Refused(string reason, Action sign) =>
        Assert.Contains(reason, Assert.Throws<CertificateRefusedException>(sign).Message, StringComparison.Ordinal);

    private static X509Certificate2 Leaf(IssuedChain chain) => X509Certificate2.CreateFromPem(chain.Certificates[0]);

    private static string Request(SpiffeId id)
    {
        using SigningRequest request = SigningRequest.Create(id);
        return request.Pem;
    }

    private static CertificateRequest P256() => new("", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);

    private static string Pem(CertificateRequest request, X509Extension[] extensions)
    {
        foreach (X509Extension extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        return request.CreateSigningRequestPem();
    }
}
