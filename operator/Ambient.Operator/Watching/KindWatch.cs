using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Watching;

/// <summary>The watch of one kind.</summary>
internal sealed class KindWatch
{
    private readonly KindStore _store;

    public KindWatch(WatchedKind kind, KubeClient client, IObjectSink sink, ReflectorOptions options, TimeProvider time, ILogger logger)
    {
        Kind = kind;
        _store = new KindStore(kind, sink, logger);
        Reflector = new Reflector<JsonObject>(new ListWatch<JsonObject>(client.Resource(kind.Kind)) { FieldSelector = kind.FieldSelector, LabelSelector = kind.LabelSelector }, _store, options, time, logger);
    }

    public WatchedKind Kind { get; }

    public Reflector<JsonObject> Reflector { get; }

    public int Objects => _store.Count;

    public long Changes => _store.Changes;
}
