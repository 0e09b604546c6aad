using System.Net;
using Ambient.Discovery.Publishing;
using Ambient.Operator.Admin;
using Ambient.Operator.Issuing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator;

/// <summary>The two listening sides: admin, from the start; discovery and certificates, once there is something true to serve.</summary>
internal sealed class OperatorServers : IAsyncDisposable
{
    private readonly OperatorConfig _config;
    private readonly WebApplication _admin;
    private readonly WebApplication _discovery;

    public OperatorServers(
        OperatorConfig config, AdminEndpoints admin, MeshPublisher publisher, CallerAuthenticator authenticator,
        CertificateEndpoint certificates, ServingCertificate serving, ILoggerFactory loggers)
    {
        _config = config;
        _admin = Create(loggers, kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = 256;
            Listen(kestrel, config.AdminAddress, config.AdminPort, _ => { });
        });
        admin.Map(_admin);
        _discovery = Create(loggers, kestrel =>
        {
            kestrel.ConfigureForDiscovery();
            Listen(kestrel, config.DiscoveryAddress, config.DiscoveryPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => new(serving.Current()),
                    HandshakeTimeout = TimeSpan.FromSeconds(5),
                });
            });
        });
        _discovery.MapDiscovery(publisher, authenticator);
        _discovery.MapCertificates(certificates.IssueAsync, authenticator);
    }

    public int AdminPort => PortOf(_admin, _config.AdminPort);

    public int DiscoveryPort => PortOf(_discovery, _config.DiscoveryPort);

    public Task StartAdminAsync(CancellationToken cancellation) => _admin.StartAsync(cancellation);

    public Task StartDiscoveryAsync(CancellationToken cancellation) => _discovery.StartAsync(cancellation);

    /// <summary>Streams are cut at once: a proxy goes to another replica and loses nothing.</summary>
    public async Task StopAsync()
    {
        using var now = new CancellationTokenSource(0);
        await _discovery.StopAsync(now.Token);
        await _admin.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _discovery.DisposeAsync();
        await _admin.DisposeAsync();
    }

    private static WebApplication Create(ILoggerFactory loggers, Action<KestrelServerOptions> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(configure);
        WebApplication app = builder.Build();
        app.UseRouting();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, IPEndPoint? address, int port, Action<ListenOptions> configure)
    {
        if (address is not null)
        {
            kestrel.Listen(new IPEndPoint(address.Address, port), configure);
        }
        else
        {
            kestrel.ListenAnyIP(port, configure);
        }
    }

    private static int PortOf(WebApplication app, int configured) =>
        app.Urls.FirstOrDefault() is { } url && Uri.TryCreate(url.Replace("[::]", "localhost", StringComparison.Ordinal), UriKind.Absolute, out Uri? uri)
            ? uri.Port
            : configured;
}
