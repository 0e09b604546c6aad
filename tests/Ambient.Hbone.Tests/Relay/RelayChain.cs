using System.Net.Sockets;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Relay;
using Ambient.Hbone.Tests.Peers;
using Ambient.Hbone.Transport;

namespace Ambient.Hbone.Tests.Relay;

internal sealed class RelayChain : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource<RelayResult> _far = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TunnelWorld _world;
    private readonly SocketConnection _farApp;
    private SocketConnection? _nearApp;
    private HboneStream? _stream;
    private Task<RelayResult>? _near;

    private RelayChain(Socket client, Socket farApp, Socket server)
    {
        Client = client;
        Server = server;
        _farApp = new SocketConnection(farApp);
        _world = new TunnelWorld(new HandlerOf(async (connect, _) =>
        {
            await using HboneStream stream = await connect.AcceptAsync();
            _far.SetResult(await StreamRelay.RunAsync(_farApp, stream, new RelayCounters(), default));
            await _farApp.DisposeAsync();
        }));
    }

    public Socket Client { get; }

    public Socket Server { get; }

    public RelayCounters Counters { get; } = new();

    public static async Task<RelayChain> StartAsync(CancellationToken ct)
    {
        (Socket client, Socket near) = await Loopback.PairAsync(ct);
        (Socket far, Socket server) = await Loopback.PairAsync(ct);
        RelayChain chain = new(client, far, server);
        chain._stream = await chain._world.ConnectAsync(ct);
        chain._nearApp = new SocketConnection(near);
        chain._near = StreamRelay.RunAsync(chain._nearApp, chain._stream, chain.Counters, chain._cancel.Token);
        return chain;
    }

    public static async Task<byte[]> ReadAllAsync(Socket socket, CancellationToken ct)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[64 * 1024];
        int n;
        while ((n = await socket.ReceiveAsync(buffer, ct)) > 0)
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }

    public static async Task SendAllAsync(Socket socket, byte[] bytes, CancellationToken ct)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), ct);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    public Task CancelAsync() => _cancel.CancelAsync();

    public async Task LoseTunnelAsync() => await _world.Pool.DrainAsync(TimeSpan.Zero);

    public async Task<(RelayResult Near, RelayResult Far)> ResultsAsync() => (
        await _near!.WaitAsync(TimeSpan.FromMinutes(1)), await _far.Task.WaitAsync(TimeSpan.FromMinutes(1)));

    public async ValueTask DisposeAsync()
    {
        await _cancel.CancelAsync();
        await _near!;
        await _nearApp!.DisposeAsync();
        await _stream!.DisposeAsync();
        await _world.DisposeAsync();
        await _farApp.DisposeAsync();
        Client.Dispose();
        Server.Dispose();
        _cancel.Dispose();
    }
}
