using Ambient.Core.Identity;
using Ambient.Discovery.Grpc;
using Ambient.Discovery.Publishing;
using Ambient.Discovery.Subscribing;
using Ambient.Identity.Issuing;
using Ambient.Identity.Svids;
using Ambient.Testing;

namespace Ambient.Discovery.Tests.Publishing;

public sealed class CertificateCallTests
{
    private static readonly SpiffeId Orders = SpiffeId.Parse("spiffe://cluster.local/ns/shop/sa/orders");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateCertificate_OnBehalfOfAPod_ChainMakesItsSvid()
    {
        var ca = new TestCa();
        (Caller? Caller, SpiffeId? Id, TimeSpan Lifetime) asked = default;
        await using TestControlPlane plane = await TestControlPlane.StartAsync(ca: ca, issue: (caller, id, csr, lifetime, _) =>
        {
            asked = (caller, id, lifetime);
            return Task.FromResult<IReadOnlyList<string>>(ca.Authority.Sign(id!.Value, csr, lifetime).Certificates);
        });
        using SigningRequest request = SigningRequest.Create(Orders);
        var client = new CertificateClient(plane.CertificateOptions("node-2/ztunnel-b"));
        IReadOnlyList<string> chain = await client.CreateCertificateAsync(Orders, request.Pem, TimeSpan.FromHours(2), Ct);
        Assert.Equal(Orders, request.Complete(new IssuedChain([.. chain]), TimeProvider.System).Id);
        Assert.Equal(("node-2", "ztunnel-b", Orders, TimeSpan.FromHours(2)), (asked.Caller?.Node, asked.Caller?.PodName, asked.Id, asked.Lifetime));
    }

    [Fact]
    public async Task CreateCertificate_ForItself_NobodyIsImpersonated()
    {
        SpiffeId? asked = Orders;
        await using TestControlPlane plane = await TestControlPlane.StartAsync(issue: (_, id, _, _, _) =>
        {
            asked = id;
            return Task.FromResult<IReadOnlyList<string>>(["leaf", "root"]);
        });
        Assert.Equal(["leaf", "root"], await new CertificateClient(plane.CertificateOptions()).CreateCertificateAsync(null, "csr", TimeSpan.Zero, Ct));
        Assert.Null(asked);
    }

    [Fact]
    public async Task CreateCertificate_Refused_ReasonComesThrough()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync(
            issue: (_, _, _, _, _) => throw new CertificateRefusedException("no pod of shop/orders on node-1; 100 % sure, ≠"));
        var refused = await Assert.ThrowsAsync<CertificateRefusedException>(
            () => new CertificateClient(plane.CertificateOptions()).CreateCertificateAsync(Orders, "csr", TimeSpan.Zero, Ct));
        Assert.EndsWith("no pod of shop/orders on node-1; 100 % sure, ≠", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateCertificate_IssuerFails_ReasonStaysInside()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync(issue: (_, _, _, _, _) => throw new InvalidOperationException("secret detail"));
        var failed = await Assert.ThrowsAsync<GrpcException>(
            () => new CertificateClient(plane.CertificateOptions()).CreateCertificateAsync(Orders, "csr", TimeSpan.Zero, Ct));
        Assert.Equal(GrpcStatus.Internal, failed.Status);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateCertificate_BadToken_IsUnauthenticated()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        var client = new CertificateClient(plane.CertificateOptions("bad"));
        var failed = await Assert.ThrowsAsync<GrpcException>(() => client.CreateCertificateAsync(null, "csr", TimeSpan.Zero, Ct));
        Assert.Equal(GrpcStatus.Unauthenticated, failed.Status);
    }

    [Fact]
    public async Task CreateCertificate_HugeRequest_IsRefusedUnread()
    {
        bool called = false;
        await using TestControlPlane plane = await TestControlPlane.StartAsync(issue: (_, _, _, _, _) =>
        {
            called = true;
            return Task.FromResult<IReadOnlyList<string>>([]);
        });
        var failed = await Assert.ThrowsAnyAsync<Exception>(
            () => new CertificateClient(plane.CertificateOptions()).CreateCertificateAsync(null, new string('A', 10_000_000), TimeSpan.Zero, Ct));
        Assert.True(failed is GrpcException or HttpRequestException or IOException, failed.ToString());
        Assert.False(called);
    }

    [Fact]
    public async Task CreateCertificate_ServerOfAnotherCa_NothingIsSent()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        await using TestControlPlane other = await TestControlPlane.StartAsync();
        var client = new CertificateClient(plane.CertificateOptions() with { RootCertificatesPath = other.RootsPath });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CreateCertificateAsync(null, "csr", TimeSpan.Zero, Ct));
    }
}
