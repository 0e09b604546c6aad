using System.Net;
using System.Security.Authentication;
using Ambient.Core.Identity;
using Ambient.Discovery.Publishing;
using Ambient.Discovery.Subscribing;
using Ambient.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ambient.Discovery.Tests;

/// <summary>The control plane's services on a real Kestrel: TLS, HTTP/2, loopback. Tokens have the form <c>node/pod</c>, or <c>sa/namespace/account</c>.</summary>
internal sealed class TestControlPlane : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestControlPlane(WebApplication app, TestCa ca, MeshPublisher publisher, int port, string rootsPath)
    {
        _app = app;
        Ca = ca;
        Publisher = publisher;
        Port = port;
        RootsPath = rootsPath;
    }

    public TestCa Ca { get; }

    public MeshPublisher Publisher { get; }

    public int Port { get; }

    public string RootsPath { get; }

    public Uri Address => new($"https://127.0.0.1:{Port}");

    public static async Task<TestControlPlane> StartAsync(
        MeshPublisher? publisher = null, TestCa? ca = null, int port = 0,
        Func<Caller, SpiffeId?, string, TimeSpan, CancellationToken, Task<IReadOnlyList<string>>>? issue = null)
    {
        ca ??= new TestCa();
        publisher ??= new MeshPublisher(TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        var certificate = ca.Authority.SignServer(["localhost"], TimeSpan.FromHours(1)).CreateContext();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureForDiscovery();
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(new Microsoft.AspNetCore.Server.Kestrel.Https.TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(new System.Net.Security.SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = certificate,
                        EnabledSslProtocols = SslProtocols.Tls13,
                    }),
                });
            });
        });
        WebApplication app = builder.Build();
        app.MapDiscovery(publisher, new NodeSlashPod());
        app.MapCertificates(issue ?? ((_, _, _, _, _) => throw new CertificateRefusedException("no CA here")), new NodeSlashPod());
        await app.StartAsync(TestContext.Current.CancellationToken);
        int bound = new Uri(app.Urls.Single()).Port;
        string roots = Path.Combine(Path.GetTempPath(), $"ambient-roots-{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(roots, ca.Authority.RootsPem, TestContext.Current.CancellationToken);
        return new TestControlPlane(app, ca, publisher, bound, roots);
    }

    public DiscoveryClientOptions Options(string token = "node-1/ztunnel-a") => new()
    {
        Address = Address,
        ServerName = "localhost",
        Token = () => token,
        RootCertificatesPath = RootsPath,
        NodeId = $"ztunnel~{token}",
        MaxBackOff = TimeSpan.FromMilliseconds(100),
    };

    public CertificateClientOptions CertificateOptions(string token = "node-1/ztunnel-a") => new()
    {
        Address = Address,
        ServerName = "localhost",
        Token = () => token,
        RootCertificatesPath = RootsPath,
    };

    public ProxyStatus? Status(string typeUrl) => Publisher.Proxies.SingleOrDefault(status => status.TypeUrl == typeUrl);

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
        File.Delete(RootsPath);
    }

    private sealed class NodeSlashPod : ICallerAuthenticator
    {
        public ValueTask<Caller?> AuthenticateAsync(string bearerToken, CancellationToken ct) => ValueTask.FromResult(
            bearerToken.Split('/') switch
            {
                [var node, var pod] => new Caller("ambient-system", "ambient-ztunnel", pod, $"uid-{pod}", node),
                ["sa", var ns, var account] => new Caller(ns, account, $"{account}-1", $"uid-{ns}-{account}", "node-1"),
                _ => null,
            });
    }
}
