using System.Net.Sockets;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>New connections to an echo port, one after the other in a few rows, until stopped; none may fail.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Rows = 3;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _failures = [];
    private readonly Task _running;
    private int _done;

    public Load(MeshPod from, MeshPod to, int port = 9000) =>
        _running = Task.WhenAll(Enumerable.Range(0, Rows).Select(_ => RunAsync(from, to, port)));

    /// <summary>Connections that carried words there and back.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Connections that did not.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_failures)
            {
                return [.. _failures];
            }
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(MeshPod from, MeshPod to, int port)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using Socket socket = await from.ConnectAsync(to, port);
                await socket.EchoedAsync("hello");
                Interlocked.Increment(ref _done);
            }
            catch (Exception e)
            {
                lock (_failures)
                {
                    _failures.Add($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {e.Message}");
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }
}
