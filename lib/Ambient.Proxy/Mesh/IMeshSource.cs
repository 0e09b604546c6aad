using Ambient.Discovery.Subscribing;

namespace Ambient.Proxy.Mesh;

/// <summary>Where the mesh's state comes from: the operator, or files.</summary>
internal interface IMeshSource
{
    /// <summary>Feeds the view until cancelled.</summary>
    Task RunAsync(CancellationToken ct);

    /// <summary>For people: connected or not.</summary>
    bool Connected { get; }

    /// <summary>Null when nothing is streamed.</summary>
    DiscoveryCounters? Counters { get; }
}
