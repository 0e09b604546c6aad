using Ambient.Kube.Http;
using Ambient.Kube.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Watching;

/// <summary>All the watches that the mesh is compiled from.</summary>
internal sealed class MeshWatches
{
    public MeshWatches(KubeClient client, IObjectSink sink, ReflectorOptions options, TimeProvider time, ILogger logger) =>
        Kinds = [.. WatchedKind.All.Select(kind => new KindWatch(kind, client, sink, options, time, logger))];

    public IReadOnlyList<KindWatch> Kinds { get; }

    /// <summary>Every kind is known, or known not to be served. Before that nothing is told to anybody: half of the policies would be too few.</summary>
    public bool HasSynced => Kinds.All(k => k.Reflector.HasSynced);

    public Task WaitForSyncAsync(CancellationToken cancellation) => Task.WhenAll(Kinds.Select(k => k.Reflector.WaitForSyncAsync(cancellation)));

    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(Kinds.Select(k => k.Reflector.RunAsync(cancellation)));
}
