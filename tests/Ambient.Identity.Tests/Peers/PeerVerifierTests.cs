using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;
using Ambient.Identity.Peers;
using Ambient.Identity.Trust;
using Ambient.Testing;

namespace Ambient.Identity.Tests.Peers;

public sealed class PeerVerifierTests
{
    private const string Orders = "spiffe://cluster.local/ns/shop/sa/orders";

    private readonly ManualTime _time = new();
    private readonly ForgedAuthority _root;

    public PeerVerifierTests() => _root = ForgedAuthority.Root(_time);

    [Theory]
    [InlineData(PeerRole.Client)]
    [InlineData(PeerRole.Server)]
    public void Verify_ProperSvid_IsItsId(PeerRole role) =>
        Assert.Equal(SpiffeId.Parse(Orders), Verify(_root.Leaf(new(Orders)), role).VerifiedId);

    [Fact]
    public void Verify_NoCertificate_Refused() => Refused("presented no certificate", PeerVerifier.Verify(null, [], _root.Bundle, new("cluster.local"), PeerRole.Client, _time));

    [Fact]
    public void Verify_TwoSpiffeIds_Refused() => Refused("names 2 URIs", Verify(_root.Leaf(new(Orders, "spiffe://cluster.local/ns/shop/sa/admin"))));

    [Fact]
    public void Verify_SpiffeIdAndAnotherUri_Refused() => Refused("names 2 URIs", Verify(_root.Leaf(new(Orders, "https://orders.shop"))));

    [Fact]
    public void Verify_DnsNameOnly_Refused() => Refused("names no SPIFFE id", Verify(_root.Leaf(new() { DnsNames = ["orders.shop.svc"] })));

    [Fact]
    public void Verify_NoNames_Refused() => Refused("no subject alternative name", Verify(_root.Leaf(new())));

    [Theory]
    [InlineData("spiffe://cluster.local/ns/shop")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/orders/x")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/")]
    [InlineData("spiffe://cluster.local/ns/%73hop/sa/orders")]
    [InlineData("SPIFFE://cluster.local/ns/shop/sa/orders")]
    [InlineData("https://cluster.local/ns/shop/sa/orders")]
    public void Verify_UriOfAnotherForm_Refused(string uri) => Refused("is not a SPIFFE id", Verify(_root.Leaf(new(uri))));

    [Fact]
    public void Verify_OtherTrustDomain_RefusedUnlessAlias()
    {
        X509Certificate2 leaf = _root.Leaf(new("spiffe://old.example/ns/shop/sa/orders"));
        Refused("trust domain 'old.example'", Verify(leaf));
        PeerVerification aliased = PeerVerifier.Verify(leaf, [], _root.Bundle, new("cluster.local", ["old.example"]), PeerRole.Client, _time);
        Assert.Equal("old.example", aliased.VerifiedId?.TrustDomain);
    }

    [Fact]
    public void Verify_Expired_RefusedFromThatInstant()
    {
        X509Certificate2 leaf = _root.Leaf(new(Orders) { Lifetime = TimeSpan.FromHours(1) });
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(Verify(leaf).VerifiedId);
        _time.Advance(TimeSpan.FromMinutes(2));
        Refused("expired or not yet valid", Verify(leaf));
    }

    [Fact]
    public void Verify_NotYetValid_Refused() =>
        Refused("expired or not yet valid", Verify(_root.Leaf(new(Orders) { StartsIn = TimeSpan.FromHours(1) })));

    [Fact]
    public void Verify_UsageOfTheOtherRole_Refused()
    {
        X509Certificate2 leaf = _root.Leaf(new(Orders) { ExtendedKeyUsages = [ForgedLeaf.ServerAuth] });
        Refused("not for a TLS client", Verify(leaf, PeerRole.Client));
        Assert.NotNull(Verify(leaf, PeerRole.Server).VerifiedId);
    }

    [Fact]
    public void Verify_NoExtendedUsage_Refused() => Refused("not for a TLS client", Verify(_root.Leaf(new(Orders) { ExtendedKeyUsages = [] })));

    [Fact]
    public void Verify_CaCertificate_Refused() => Refused("is a CA certificate", Verify(_root.Leaf(new(Orders) { IsAuthority = true })));

    [Fact]
    public void Verify_LeafThatMaySignCertificates_Refused() => Refused(
        "signing certificates",
        Verify(_root.Leaf(new(Orders) { KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign })));

    [Fact]
    public void Verify_LeafWithoutDigitalSignature_Refused() =>
        Refused("digital signatures", Verify(_root.Leaf(new(Orders) { KeyUsage = X509KeyUsageFlags.NonRepudiation })));

    [Fact]
    public void Verify_RootOfSameNameButOtherKey_Refused() => Refused("is refused", Verify(ForgedAuthority.Root(_time).Leaf(new(Orders))));

    [Fact]
    public void Verify_SelfMadeChainThatBringsItsRoot_Refused()
    {
        ForgedAuthority stranger = ForgedAuthority.Root(_time, "CN=stranger");
        Refused("does not lead to a root", Verify(stranger.Leaf(new(Orders)), PeerRole.Client, stranger.Certificate));
    }

    [Fact]
    public void Verify_IntermediatePresented_Accepted()
    {
        ForgedAuthority intermediate = _root.Intermediate();
        X509Certificate2 leaf = intermediate.Leaf(new(Orders));
        Assert.NotNull(Verify(leaf, PeerRole.Client, intermediate.Certificate).VerifiedId);
        Refused("does not lead to a root", Verify(leaf));
    }

    [Fact]
    public void Verify_IssuedByAnotherWorkload_Refused()
    {
        ForgedAuthority workload = _root.Intermediate("CN=workload", isAuthority: false);
        Refused("not a CA", Verify(workload.Leaf(new(Orders)), PeerRole.Client, workload.Certificate));
    }

    [Fact]
    public void Verify_ChainLongerThanIssuerAllows_Refused()
    {
        ForgedAuthority narrow = _root.Intermediate("CN=narrow", pathLength: 0);
        ForgedAuthority below = narrow.Intermediate("CN=below");
        Refused("longer than an issuer allows", Verify(below.Leaf(new(Orders)), PeerRole.Client, narrow.Certificate, below.Certificate));
    }

    [Fact]
    public void Verify_ExpiredIntermediate_Refused()
    {
        ForgedAuthority intermediate = _root.Intermediate(lifetime: TimeSpan.FromMinutes(10));
        X509Certificate2 leaf = intermediate.Leaf(new(Orders) { Lifetime = TimeSpan.FromHours(1) });
        _time.Advance(TimeSpan.FromMinutes(11));
        Refused("expired", Verify(leaf, PeerRole.Client, intermediate.Certificate));
    }

    [Fact]
    public void Verify_ManyIntermediates_RefusedUnread()
    {
        X509Certificate2[] many = [.. Enumerable.Repeat(_root.Certificate, PeerVerifier.MaxIntermediates + 1)];
        Refused("at most 8", Verify(_root.Leaf(new(Orders)), PeerRole.Client, many));
    }

    [Fact]
    public void Verify_DuringRootRotation_BothRootsCount()
    {
        ForgedAuthority next = ForgedAuthority.Root(_time, "CN=next");
        TrustBundle union = _root.Bundle.Union(next.Bundle);
        foreach (ForgedAuthority authority in new[] { _root, next })
        {
            PeerVerification verdict = PeerVerifier.Verify(authority.Leaf(new(Orders)), [], union, new("cluster.local"), PeerRole.Client, _time);
            Assert.NotNull(verdict.VerifiedId);
        }
    }

    private PeerVerification Verify(X509Certificate2 leaf, PeerRole role = PeerRole.Client, params X509Certificate2[] intermediates) =>
        PeerVerifier.Verify(leaf, intermediates, _root.Bundle, new TrustPolicy("cluster.local"), role, _time);

    private static void Refused(string reason, PeerVerification verification) =>
        Assert.Contains(reason, Assert.IsType<PeerVerification.Refused>(verification).Reason, StringComparison.Ordinal);
}
