using Ambient.Hbone.Connect;

namespace Ambient.Hbone.Tests.Peers;

/// <summary>Our server at one end of memory, a raw peer at the other.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();

    private ServerUnderTest(IConnectHandler handler, HboneServerOptions options, int capacity, bool drained = false)
    {
        if (drained)
        {
            _drain.Cancel();
        }

        (PipeConnection server, PipeConnection peer) = PipeConnection.Pair(capacity);
        Peer = new FramePeer(peer);
        Serving = HboneServer.ServeAsync(server, handler, options, _drain.Token, _abort.Token);
    }

    public FramePeer Peer { get; }

    public Task Serving { get; }

    /// <summary>Not greeted yet.</summary>
    public static ServerUnderTest Silent(
        IConnectHandler? handler = null, HboneServerOptions? options = null, int capacity = 64 * 1024 * 1024) =>
        new(handler ?? HandlerOf.Echo, options ?? new HboneServerOptions(), capacity);

    /// <summary>Told to end before the connection began.</summary>
    public static ServerUnderTest Drained() => new(HandlerOf.Echo, new HboneServerOptions(), 64 * 1024 * 1024, drained: true);

    public static async Task<ServerUnderTest> GreetedAsync(
        IConnectHandler? handler = null, HboneServerOptions? options = null, int capacity = 64 * 1024 * 1024)
    {
        ServerUnderTest server = Silent(handler, options, capacity);
        await server.Peer.GreetAsync();
        return server;
    }

    public Task DrainAsync() => _drain.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        await Serving.WaitAsync(TimeSpan.FromMinutes(1));
        _drain.Dispose();
        _abort.Dispose();
    }
}
