using Ambient.Core;
using Ambient.Discovery;
using Ambient.Discovery.Subscribing;
using Ambient.Proxy.Mesh;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>The mesh as a test says it.</summary>
internal sealed class TestSource(IMeshUpdateSink sink, MeshUpdate first) : IMeshSource
{
    public bool Connected => true;

    public DiscoveryCounters? Counters => null;

    public async Task RunAsync(CancellationToken ct)
    {
        sink.Apply(first);
        foreach (string type in TypeUrls.All)
        {
            sink.Synced(type);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    internal void Apply(MeshUpdate update) => sink.Apply(update);
}
