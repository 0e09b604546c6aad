using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>An HTTP server of the test itself on a pod's address: HTTP/2 by prior knowledge on one port, HTTP/1.1 on another.</summary>
internal static class PodServer
{
    public const int Http2Port = 8080;
    public const int Http1Port = 8081;

    public static async Task<IAsyncDisposable> StartAsync(MeshPod pod, RequestDelegate handle)
    {
        Socket http2 = await pod.ListenAsync(Http2Port);
        Socket http1 = await pod.ListenAsync(Http1Port);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = at => ((IPEndPoint)at).Port == Http2Port ? http2 : http1);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Any, Http2Port, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Any, Http1Port, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(handle);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A client in a pod, whose every connection goes to one address.</summary>
    public static HttpMessageInvoker Client(MeshPod pod, IPAddress to, int port) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, _) => new NetworkStream(await pod.ConnectAsync(to, port), ownsSocket: true),
    });
}
