using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Ambient.Core;
using Ambient.Core.Workloads;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Relay;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Waypoint.Upstreams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>A pod with its ztunnel: takes tunnels for its application, and opens tunnels for it.</summary>
internal sealed class TestPod(Workload workload, Svid svid) : IConnectHandler, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly ConcurrentBag<HttpMessageInvoker> _clients = [];
    private HbonePool? _pool;
    private Socket? _listener;

    internal Workload Workload => workload;

    internal IPAddress Address => workload.Addresses[0];

    /// <summary>What came to this pod's ztunnel.</summary>
    internal ConcurrentQueue<ConnectRequest> Connects { get; } = new();

    /// <summary>Not 200: what every CONNECT is answered with.</summary>
    internal int Answer { get; set; } = 200;

    /// <summary>Takes tunnels, and passes their bytes on to the application.</summary>
    internal TestPod Tunnel()
    {
        _listener = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(Address, ProxyPorts.Hbone));
        _listener.Listen(128);
        _ = AcceptAsync(_listener);
        return this;
    }

    /// <summary>An HTTP application on port 8080, HTTP/1.1 or HTTP/2 by prior knowledge.</summary>
    internal async Task<TestPod> ServeAsync(RequestDelegate handle, HttpProtocols protocols = HttpProtocols.Http1, int port = 8080)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(Address, port, listen => listen.Protocols = protocols);
        });
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(handle);
        await app.StartAsync();
        _owned.Add(app);
        return Tunnel();
    }

    /// <summary>A TCP application on port 8080.</summary>
    internal TestPod ServeTcp(Func<Socket, Task> serve, int port = 8080)
    {
        var listener = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(Address, port));
        listener.Listen(128);
        _ = LoopAsync();
        _stop.Token.Register(listener.Dispose);
        return Tunnel();

        async Task LoopAsync()
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    Socket socket = await listener.AcceptAsync(_stop.Token);
                    _ = serve(socket).ContinueWith(_ => socket.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                }
                catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }

    /// <summary>What the pod's ztunnel does when its application connects to something behind a waypoint.</summary>
    internal async Task<HboneStream> OpenAsync(TestWaypoint waypoint, string authority, CancellationToken ct = default)
    {
        _pool ??= new HbonePool(
            async (key, dial) =>
            {
                var socket = new Socket(key.Destination.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(key.SourceAddress!, 0));
                return await TestMesh.Transport.ConnectTlsAsync(socket, key.Destination, svid, TestMesh.Trust, key.Expected, TimeSpan.FromSeconds(10), dial);
            },
            new HbonePoolOptions(), TimeProvider.System, NullLogger.Instance);
        return await _pool.ConnectAsync(
            new PoolKey
            {
                Source = svid.Id,
                Expected = [waypoint.Identity],
                Destination = new IPEndPoint(waypoint.Address, ProxyPorts.Hbone),
                SourceAddress = Address,
            },
            new ConnectRequest { Authority = authority, Forwarded = $"for=\"{Address}:4711\"" },
            ct);
    }

    /// <summary>The same as a stream that an HTTP client can use.</summary>
    internal async Task<PipeStream> ConnectAsync(TestWaypoint waypoint, string authority, CancellationToken ct = default)
    {
        HboneStream stream = await OpenAsync(waypoint, authority, ct);
        return new PipeStream(stream, () => StreamEnd.Close(stream));
    }

    /// <summary>An HTTP client of the pod's application; every connection goes through a waypoint to one service or workload.</summary>
    internal HttpMessageInvoker Client(Func<TestWaypoint> waypoint, string authority)
    {
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = async (_, ct) => await ConnectAsync(waypoint(), authority, ct),
        });
        _clients.Add(client);
        return client;
    }

    internal HttpMessageInvoker Client(TestWaypoint waypoint, string authority) => Client(() => waypoint, authority);

    public async ValueTask HandleAsync(IncomingConnect connect, CancellationToken ct)
    {
        Connects.Enqueue(connect.Request);
        if (Answer != 200 || !IPEndPoint.TryParse(connect.Request.Authority, out IPEndPoint? target))
        {
            await connect.RejectAsync(Answer == 200 ? 400 : Answer);
            return;
        }

        MeshConnection app;
        try
        {
            app = await TestMesh.Transport.ConnectPlainAsync(
                new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp), target, TimeSpan.FromSeconds(5), ct);
        }
        catch (SocketException)
        {
            await connect.RejectAsync(503);
            return;
        }

        await using HboneStream stream = await connect.AcceptAsync();
        RelayResult result = await StreamRelay.RunAsync(app, stream, new RelayCounters(), _stop.Token);
        if (result != RelayResult.Completed)
        {
            app.Abort();
        }

        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HttpMessageInvoker client in _clients)
        {
            client.Dispose();
        }

        await _stop.CancelAsync();
        _listener?.Dispose();
        if (_pool is not null)
        {
            await _pool.DisposeAsync();
        }

        foreach (IAsyncDisposable owned in _owned)
        {
            await owned.DisposeAsync();
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeTunnelAsync(await listener.AcceptAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeTunnelAsync(Socket socket)
    {
        MeshConnection tunnel;
        try
        {
            tunnel = await TestMesh.Transport.AcceptTlsAsync(socket, svid, TestMesh.Trust, TimeSpan.FromSeconds(10), _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return;
        }

        await HboneServer.ServeAsync(tunnel, this, new HboneServerOptions(), _stop.Token, _stop.Token);
    }
}
