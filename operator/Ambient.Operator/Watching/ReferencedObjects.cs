using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Watching;

/// <summary>
/// Watches Secrets and ConfigMaps one by one: those that Gateways name, and no other. What is no longer named is forgotten. Calls come from one
/// task.
/// </summary>
internal sealed partial class ReferencedObjects(KubeClient client, IObjectSink sink, ReflectorOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>Each is a connection's stream of its own.</summary>
    public const int Most = 4_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ObjectKey, Watch> _watches = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _tooMany;

    /// <summary>Watches these and no others. True when something was new: then it is known when this returns, unless the server takes its time.</summary>
    public async Task<bool> FollowAsync(IReadOnlyCollection<ObjectKey> wanted, CancellationToken cancellation)
    {
        var named = wanted.ToHashSet();
        foreach (ObjectKey gone in _watches.Keys.Where(k => !named.Contains(k)).ToList())
        {
            await _watches[gone].StopAsync();
            _watches.Remove(gone);
            sink.Remove(gone);
        }

        List<Watch> added = [];
        foreach (ObjectKey key in wanted.Where(k => !_watches.ContainsKey(k)).Order())
        {
            if (_watches.Count >= Most)
            {
                if (!_tooMany)
                {
                    LogTooMany(logger, named.Count, Most);
                }

                _tooMany = true;
                break;
            }

            added.Add(_watches[key] = new Watch(key, client, sink, options, time, logger, _stop.Token));
        }

        if (added.Count == 0)
        {
            return false;
        }

        try
        {
            await Task.WhenAll(added.Select(w => w.Reflector.WaitForSyncAsync(cancellation))).WaitAsync(Patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            LogSlow(logger, string.Join(", ", added.Where(static w => !w.Reflector.HasSynced).Select(static w => $"{w.Key.Kind} {w.Key.Namespace}/{w.Key.Name}").Take(5)));
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (Watch watch in _watches.Values)
        {
            await watch.StopAsync();
        }

        _stop.Dispose();
    }

    [LoggerMessage(171, LogLevel.Error, "Gateways name {Count} Secrets and ConfigMaps; {Most} are watched, the others count as missing")]
    private static partial void LogTooMany(ILogger logger, int count, int most);

    [LoggerMessage(172, LogLevel.Warning, "Not known yet, though Gateways name it: {Names}. May the operator read it?")]
    private static partial void LogSlow(ILogger logger, string names);

    private sealed class Watch
    {
        private readonly CancellationTokenSource _stop;
        private readonly Task _running;

        public Watch(ObjectKey key, KubeClient client, IObjectSink sink, ReflectorOptions options, TimeProvider time, ILogger logger, CancellationToken ending)
        {
            Key = key;
            var kind = new WatchedKind(new GroupKind("", key.Kind), Narrowing.Certificates);
            var source = new ListWatch<JsonObject>(client.Resource(kind.Kind)) { Namespace = key.Namespace, FieldSelector = $"metadata.name={key.Name}" };
            Reflector = new Reflector<JsonObject>(source, new KindStore(kind, sink, logger), options, time, logger);
            _stop = CancellationTokenSource.CreateLinkedTokenSource(ending);
            _running = Reflector.RunAsync(_stop.Token);
        }

        public ObjectKey Key { get; }

        public Reflector<JsonObject> Reflector { get; }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }
}
