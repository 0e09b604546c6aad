using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Peers;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Testing;

namespace Ambient.Identity.Tests.Tls;

public sealed class MeshTlsTests
{
    private readonly ManualTime _time = new();
    private readonly TestCa _ca;
    private readonly ForgedAuthority _root;
    private readonly Svid _client;
    private readonly Svid _server;

    public MeshTlsTests()
    {
        _ca = new TestCa(time: _time);
        _root = ForgedAuthority.Root(_time, "CN=forge");
        _client = _ca.Issue("shop", "web", TimeSpan.FromHours(2));
        _server = _ca.Issue("shop", "orders", TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Handshake_TwoSvidsOfOneMesh_EachSeesTheOther()
    {
        Handshake handshake = await Handshake.RunAsync(Server(_server), Client(_client, _server.Id));
        Assert.Equal(_client.Id, handshake.ServerSaw?.VerifiedId);
        Assert.Equal(_server.Id, handshake.ClientSaw?.VerifiedId);
        Assert.Equal(SslProtocols.Tls13, handshake.Protocol);
        Assert.Equal(SslApplicationProtocol.Http2, handshake.Alpn);
        Assert.Equal("", handshake.ServerName);
    }

    [Fact]
    public async Task Handshake_ServerIsAnotherThanExpected_ClientRefuses()
    {
        Handshake handshake = await Handshake.RunAsync(Server(_server), Client(_client, _ca.Id("shop", "payments")));
        Assert.Null(handshake.ClientSaw);
    }

    [Fact]
    public async Task Handshake_NobodyExpected_ClientRefuses() =>
        Assert.Null((await Handshake.RunAsync(Server(_server), Client(_client))).ClientSaw);

    [Fact]
    public async Task Handshake_OneOfSeveralExpected_Succeeds() =>
        Assert.True((await Handshake.RunAsync(Server(_server), Client(_client, _ca.Id("shop", "a"), _server.Id))).Succeeded);

    [Fact]
    public async Task Handshake_ClientOfAnotherTrustDomain_ServerRefuses()
    {
        Svid stranger = _ca.Issue(new SpiffeId("other.example", "shop", "web"));
        Assert.Null((await Handshake.RunAsync(Server(_server), Client(stranger, _server.Id))).ServerSaw);
    }

    [Fact]
    public async Task Handshake_ClientOfAnAlias_Succeeds()
    {
        Svid old = _ca.Issue(new SpiffeId("old.example", "shop", "web"));
        Handshake handshake = await Handshake.RunAsync(
            MeshTls.Server(_server, new("cluster.local", ["old.example"]), _time), Client(old, _server.Id));
        Assert.Equal(old.Id, handshake.ServerSaw?.VerifiedId);
    }

    [Fact]
    public async Task Handshake_ClientOfAnotherMeshWithTheSameNames_ServerRefuses()
    {
        Svid impostor = new TestCa(time: _time).Issue("shop", "web");
        SslClientAuthenticationOptions options = Client(impostor, _server.Id);
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        Assert.Null((await Handshake.RunAsync(Server(_server), options)).ServerSaw);
    }

    [Fact]
    public async Task Handshake_ServerOfAnotherMeshWithTheSameNames_ClientRefuses()
    {
        Svid impostor = new TestCa(time: _time).Issue(_server.Id);
        Assert.Null((await Handshake.RunAsync(Server(impostor), Client(_client, _server.Id))).ClientSaw);
    }

    [Fact]
    public async Task Handshake_ClientExpired_ServerRefuses()
    {
        Svid brief = _ca.Issue("shop", "brief", TimeSpan.FromMinutes(10));
        SslServerAuthenticationOptions server = Server(_server);
        Assert.True((await Handshake.RunAsync(server, Client(brief, _server.Id))).Succeeded);
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Null((await Handshake.RunAsync(server, Client(brief, _server.Id))).ServerSaw);
    }

    [Fact]
    public async Task Handshake_ServerExpired_ClientRefuses()
    {
        Svid brief = _ca.Issue("shop", "brief", TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Null((await Handshake.RunAsync(Server(brief), Client(_client, brief.Id))).ClientSaw);
    }

    [Fact]
    public async Task Handshake_ClientWithoutCertificate_ServerRefuses()
    {
        SslClientAuthenticationOptions options = Client(_client, _server.Id);
        options.ClientCertificateContext = null;
        Assert.Null((await Handshake.RunAsync(Server(_server), options)).ServerSaw);
    }

    [Fact]
    public async Task Handshake_Tls12Client_Fails()
    {
        SslClientAuthenticationOptions options = Client(_client, _server.Id);
        options.EnabledSslProtocols = SslProtocols.Tls12;
        options.CipherSuitesPolicy = null;
        Handshake handshake = await Handshake.RunAsync(Server(_server), options);
        Assert.Null(handshake.ServerSaw);
        Assert.Null(handshake.ClientSaw);
    }

    [Fact]
    public async Task Handshake_ClientWithoutAlpn_IsNobody()
    {
        SslClientAuthenticationOptions options = Client(_client, _server.Id);
        options.ApplicationProtocols = null;
        Handshake handshake = await Handshake.RunAsync(Server(_server), options);
        Assert.IsNotType<PeerVerification.Verified>(handshake.ServerSaw);
    }

    public static TheoryData<string, ForgedLeaf> RefusedClients => new()
    {
        { "two SPIFFE ids", new("spiffe://cluster.local/ns/shop/sa/web", "spiffe://cluster.local/ns/shop/sa/admin") },
        { "DNS name only", new() { DnsNames = ["web.shop.svc"] } },
        { "server usage only", new("spiffe://cluster.local/ns/shop/sa/web") { ExtendedKeyUsages = [ForgedLeaf.ServerAuth] } },
        { "other trust domain", new("spiffe://elsewhere/ns/shop/sa/web") },
        { "expired", new("spiffe://cluster.local/ns/shop/sa/web") { Lifetime = TimeSpan.FromMinutes(-1) } },
    };

    [Theory]
    [MemberData(nameof(RefusedClients), DisableDiscoveryEnumeration = true)]
    public async Task Handshake_ForgedClient_ServerRefuses(string case_, ForgedLeaf leaf)
    {
        SslServerAuthenticationOptions server = ServerTrustingForge();
        Assert.True((await Handshake.RunAsync(server, Forged(new("spiffe://cluster.local/ns/shop/sa/web")))).ServerSaw is PeerVerification.Verified);
        Assert.True((await Handshake.RunAsync(server, Forged(leaf))).ServerSaw is null, case_);
    }

    [Fact]
    public async Task Handshake_SvidOfAnIntermediate_IntermediateIsSent()
    {
        ForgedAuthority intermediate = _root.Intermediate();
        var authority = CertificateAuthority.Load(intermediate.CertificatePem, intermediate.KeyPem, "", _root.CertificatePem, _time);
        Svid Issue(string account)
        {
            using SigningRequest request = SigningRequest.Create(_ca.Id("shop", account));
            return request.Complete(authority.Sign(request.Id, request.Pem, TimeSpan.FromHours(1)), _time);
        }

        Svid server = Issue("orders");
        Assert.Single(server.Intermediates);
        Assert.True((await Handshake.RunAsync(Server(server), Client(Issue("web"), server.Id))).Succeeded);
    }

    [Fact]
    public void Server_SameSvidAndPolicy_SameOptions()
    {
        Assert.Same(Server(_server), Server(_server));
        Assert.NotSame(Server(_server), MeshTls.Server(_server, new("cluster.local", ["x"]), _time));
        Assert.Same(_server.Context, Server(_server).ServerCertificateContext);
    }

    [Fact]
    public void Options_Always_ForbidResumptionAndNames()
    {
        Assert.False(Server(_server).AllowTlsResume);
        Assert.False(Client(_client, _server.Id).AllowTlsResume);
        Assert.Equal("", Client(_client, _server.Id).TargetHost);
    }

    private SslServerAuthenticationOptions Server(Svid svid) => MeshTls.Server(svid, _ca.Trust, _time);

    private SslClientAuthenticationOptions Client(Svid svid, params SpiffeId[] expected) => MeshTls.Client(svid, _ca.Trust, [.. expected], _time);

    private SslServerAuthenticationOptions ServerTrustingForge()
    {
        // An SVID of the real CA whose bundle also holds the forge's root: forged leaves fail only by what they say.
        using SigningRequest request = SigningRequest.Create(_server.Id);
        IssuedChain issued = _ca.Authority.Sign(request.Id, request.Pem, TimeSpan.FromHours(1));
        var chain = new IssuedChain([issued.Certificates[0], issued.Certificates[^1] + _root.CertificatePem]);
        return Server(request.Complete(chain, _time));
    }

    private SslClientAuthenticationOptions Forged(ForgedLeaf leaf) => new()
    {
        TargetHost = "",
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        ClientCertificateContext = SslStreamCertificateContext.Create(_root.Leaf(leaf), [], offline: true),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    };
}
