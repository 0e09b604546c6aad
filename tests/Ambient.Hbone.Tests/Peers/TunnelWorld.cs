using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Transport;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Hbone.Tests.Peers;

/// <summary>An HBONE server on loopback under TLS 1.3 with certificates of a test CA, and a pool that reaches it.</summary>
internal sealed class TunnelWorld : IAsyncDisposable
{
    private readonly Socket _listener = Loopback.Listen();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Svid _client;
    private readonly Svid _server;
    private readonly Task _accepting;
    private readonly IConnectHandler _handler;
    private readonly HboneServerOptions _serverOptions;
    private int _accepted;

    public TunnelWorld(IConnectHandler handler, HboneServerOptions? server = null, HbonePoolOptions? pool = null, TimeProvider? poolTime = null)
    {
        Ca = new TestCa();
        _client = Ca.Issue("shop", "web");
        _server = Ca.Issue("shop", "orders");
        _handler = handler;
        _serverOptions = (server ?? new HboneServerOptions()) with { Logger = Log };
        Pool = new HbonePool(DialAsync, pool ?? new HbonePoolOptions(), poolTime ?? TimeProvider.System, NullLogger.Instance);
        Key = new PoolKey { Source = _client.Id, Expected = [_server.Id], Destination = EndPoint };
        _accepting = AcceptAsync();
    }

    public TestCa Ca { get; }

    /// <summary>What the server said.</summary>
    public LineLogger Log { get; } = new();

    public HbonePool Pool { get; }

    public PoolKey Key { get; }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Connections that finished their handshake.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public static ConnectRequest To(string authority) => new() { Authority = authority };

    public void Drain() => _drain.Cancel();

    public ValueTask<HboneStream> ConnectAsync(CancellationToken ct) => Pool.ConnectAsync(Key, To("10.0.0.9:8080"), ct);

    public Task WhenServedAsync() => Task.WhenAll(_serving);

    public async ValueTask<MeshConnection> DialAsync(PoolKey key, CancellationToken ct)
    {
        Socket socket = await Loopback.ConnectAsync(key.Destination, ct);
        return await TlsConnection.ConnectAsync(
            socket, MeshTls.Client(_client, Ca.Trust, key.Expected), TimeSpan.FromSeconds(10), ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        await _abort.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await WhenServedAsync();
        _drain.Dispose();
        _abort.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                _serving.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        MeshConnection connection;
        try
        {
            connection = await TlsConnection.AcceptAsync(socket, MeshTls.Server(_server, Ca.Trust), TimeSpan.FromSeconds(10), _abort.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            return;
        }

        Interlocked.Increment(ref _accepted);
        await HboneServer.ServeAsync(connection, _handler, _serverOptions, _drain.Token, _abort.Token);
    }
}
