using Ambient.Identity.Trust;
using Ambient.Testing;

namespace Ambient.Identity.Tests.Trust;

public sealed class TrustBundleTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Parse_SeveralRootsAndDuplicates_KeepsEachOnce()
    {
        string first = ForgedAuthority.Root(_time, "CN=a").CertificatePem;
        string second = ForgedAuthority.Root(_time, "CN=b").CertificatePem;
        var bundle = TrustBundle.Parse("comment\n" + first + second + first);
        Assert.Equal(["CN=a", "CN=b"], bundle.Roots.Select(root => root.Subject));
        Assert.True(bundle.SameRoots(TrustBundle.Parse(bundle.ToPem())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing here")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void Parse_NoRoots_Throws(string pem) => Assert.Throws<FormatException>(() => TrustBundle.Parse(pem));

    [Fact]
    public void Parse_LeafCertificate_Throws()
    {
        string leaf = ForgedAuthority.Root(_time).Leaf(new("spiffe://cluster.local/ns/a/sa/b")).ExportCertificatePem();
        Assert.Contains("not a CA", Assert.Throws<FormatException>(() => TrustBundle.Parse(leaf)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_MoreThanTheLimit_Throws()
    {
        string pem = ForgedAuthority.Root(_time).CertificatePem;
        Assert.Throws<FormatException>(() => TrustBundle.Parse(string.Concat(Enumerable.Repeat(pem, TrustBundle.MaxRoots + 1))));
    }
}
