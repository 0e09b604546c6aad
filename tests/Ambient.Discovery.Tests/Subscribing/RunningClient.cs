using Ambient.Discovery.Subscribing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Discovery.Tests.Subscribing;

/// <summary>A client at work until it is disposed.</summary>
internal sealed class RunningClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Task _running;

    public RunningClient(DiscoveryClientOptions options)
    {
        Client = new DiscoveryClient(options, Sink, TimeProvider.System, NullLogger<DiscoveryClient>.Instance);
        _running = Client.RunAsync(_stop.Token);
    }

    public RecordingSink Sink { get; } = new();

    public DiscoveryClient Client { get; }

    /// <summary>Waits for what another thread will bring about, for at most ten real seconds.</summary>
    public static async Task Until(Func<bool> condition)
    {
        for (int i = 0; i < 2000 && !condition(); i++)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
