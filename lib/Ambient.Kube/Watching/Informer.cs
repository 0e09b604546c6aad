using Ambient.Kube.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Watching;

/// <summary>
/// A kind kept in memory by a <see cref="Reflector{T}"/>, with indexes, and handlers that hear of each change. A transform narrows each
/// object to what is used before it is kept. One informer a kind and process; share it.
/// </summary>
public sealed partial class Informer<T> : IReflectorStore<T>
    where T : class
{
    private readonly ObjectCodec<T> _codec;
    private readonly Func<T, T> _transform;
    private readonly ILogger _logger;
    private readonly Reflector<T> _reflector;
    private readonly Lock _delivery = new();
    private readonly List<IInformerHandler<T>> _handlers = [];

    public Informer(
        ListWatch<T> source, Func<T, T>? transform = null, ReflectorOptions? options = null, TimeProvider? time = null, ILogger? logger = null)
    {
        _codec = source.Resource.Codec;
        _transform = transform ?? (static item => item);
        _logger = logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        Store = new ObjectStore<T>(_codec.KeyOf);
        _reflector = new Reflector<T>(source, this, options ?? new ReflectorOptions(), time ?? TimeProvider.System, _logger);
    }

    public ObjectStore<T> Store { get; }

    public Reflector<T> Reflector => _reflector;

    /// <summary>The first list is in the store and its handlers have run.</summary>
    public bool HasSynced => _reflector.HasSynced;

    public Task WaitForSyncAsync(CancellationToken cancellation = default) => _reflector.WaitForSyncAsync(cancellation);

    /// <summary>Files objects under the values that a function gives for them.</summary>
    public Informer<T> AddIndexer(string name, Func<T, IEnumerable<string>> valuesOf)
    {
        Store.AddIndex(name, valuesOf);
        return this;
    }

    public Informer<T> AddHandler(Action<T>? added = null, Action<T, T>? updated = null, Action<T>? deleted = null) =>
        AddHandler(new InformerHandler<T>(added, updated, deleted));

    /// <summary>A handler that comes late hears of what is there as added, before anything else.</summary>
    public Informer<T> AddHandler(IInformerHandler<T> handler)
    {
        lock (_delivery)
        {
            _handlers.Add(handler);
            foreach (T item in Store.List())
            {
                Deliver(handler, null, item);
            }
        }

        return this;
    }

    /// <summary>Runs until cancelled, and then returns.</summary>
    public Task RunAsync(CancellationToken cancellation) => _reflector.RunAsync(cancellation);

    void IReflectorStore<T>.Replace(IReadOnlyList<T> items)
    {
        var gone = Store.List().Select(_codec.KeyOf).ToHashSet(StringComparer.Ordinal);
        foreach (T item in items)
        {
            gone.Remove(_codec.KeyOf(item));
            Put(item);
        }

        foreach (string key in gone)
        {
            Remove(key, null);
        }
    }

    void IReflectorStore<T>.Put(T item) => Put(item);

    void IReflectorStore<T>.Remove(T item) => Remove(_codec.KeyOf(item), item);

    private void Put(T item)
    {
        lock (_delivery)
        {
            T? standing = Store.Find(_codec.KeyOf(item));
            if (standing is not null && _codec.ResourceVersionOf(standing) is { } version && version == _codec.ResourceVersionOf(item)
                && _codec.UidOf(standing) == _codec.UidOf(item))
            {
                return;
            }

            T kept = _transform(item);
            T? old = Store.Put(kept);
            bool replaced = old is not null && _codec.UidOf(old) != _codec.UidOf(kept);
            foreach (IInformerHandler<T> handler in _handlers)
            {
                // The same name with another uid: the old one was deleted while nobody looked.
                if (replaced)
                {
                    Deliver(handler, old, null);
                }

                Deliver(handler, replaced ? null : old, kept);
            }
        }
    }

    private void Remove(string key, T? last)
    {
        lock (_delivery)
        {
            if (Store.Remove(key) is { } old)
            {
                T item = last is null ? old : _transform(last);
                foreach (IInformerHandler<T> handler in _handlers)
                {
                    Deliver(handler, item, null);
                }
            }
        }
    }

    private void Deliver(IInformerHandler<T> handler, T? old, T? item)
    {
        try
        {
            switch (old, item)
            {
                case (null, not null):
                    handler.Added(item);
                    break;
                case (not null, not null):
                    handler.Updated(old, item);
                    break;
                case (not null, null):
                    handler.Deleted(old);
                    break;
                default:
                    break;
            }
        }
#pragma warning disable CA1031 // a handler's fault must not stop the others, nor the informer
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogHandlerFailed(_logger, e, _codec.KeyOf((item ?? old)!));
        }
    }

    [LoggerMessage(20, LogLevel.Error, "A handler failed on {Key}")]
    private static partial void LogHandlerFailed(ILogger logger, Exception cause, string key);
}
