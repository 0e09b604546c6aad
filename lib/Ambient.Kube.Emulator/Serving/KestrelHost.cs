using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Ambient.Kube.Emulator.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>The HTTPS listener: HTTP/1.1 and HTTP/2, client certificates of our authority if a caller has one.</summary>
internal sealed class KestrelHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly X509Certificate2 certificate;

    private KestrelHost(WebApplication app, X509Certificate2 certificate, IReadOnlyList<IPEndPoint> endpoints) =>
        (this.app, this.certificate, Endpoints) = (app, certificate, endpoints);

    public IReadOnlyList<IPEndPoint> Endpoints { get; }

    public static async Task<KestrelHost> StartAsync(EmulatorOptions options, ClusterAuthority authority, ConnectionLedger ledger, RequestDelegate handler, CancellationToken ct)
    {
        Dictionary<IPEndPoint, Socket> given = options.ListenSockets.ToDictionary(s => (IPEndPoint)s.LocalEndPoint!);
        List<IPEndPoint> addresses = [.. given.Keys, .. options.Endpoints];
        if (addresses.Count == 0)
        {
            addresses.Add(new IPEndPoint(IPAddress.Loopback, 0));
        }

        X509Certificate2 certificate = authority.Server(
        [
            "localhost", "127.0.0.1", "::1", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
            .. addresses.Select(a => a.Address.ToString()), .. ServiceAddress(options), .. options.SubjectNames,
        ]);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (options.Logging is { } logging)
        {
            builder.Services.AddSingleton(logging);
            builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        }

        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<SocketTransportOptions>(o =>
            o.CreateBoundListenSocket = endpoint => endpoint is IPEndPoint ip && given.Remove(ip, out Socket? socket)
                ? socket : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint));
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, addresses, certificate, authority, ledger));
        WebApplication app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30) });
        app.Run(handler);
        await app.StartAsync(ct);
        ICollection<string> bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new KestrelHost(app, certificate, [.. bound.Select(a => IPEndPoint.Parse(new Uri(a) is { } u ? $"{u.Host}:{u.Port}" : ""))]);
    }

    public async ValueTask DisposeAsync()
    {
        // Open watches would hold a graceful stop back: they end with their connections.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        certificate.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, List<IPEndPoint> addresses, X509Certificate2 certificate, ClusterAuthority authority, ConnectionLedger ledger)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = ApiRequest.MaxRead;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        foreach (IPEndPoint address in addresses)
        {
            kestrel.Listen(address, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Use(ledger.Follow);
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                    ClientCertificateValidation = (presented, _, _) => authority.IsOurs(presented),
                });
            });
        }
    }

    private static IEnumerable<string> ServiceAddress(EmulatorOptions options)
    {
        foreach (System.Net.IPNetwork? range in (System.Net.IPNetwork?[])[options.ServiceCidr, options.ServiceCidr6])
        {
            if (range is { } r)
            {
                byte[] bytes = r.BaseAddress.GetAddressBytes();
                bytes[^1] |= 1;
                yield return new IPAddress(bytes).ToString();
            }
        }
    }
}
