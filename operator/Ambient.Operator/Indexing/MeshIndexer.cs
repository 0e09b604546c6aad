using System.Text.Json.Nodes;
using System.Threading.Channels;
using Ambient.Compile;
using Ambient.Compile.Gateways;
using Ambient.Compile.Sources;
using Ambient.Operator.Telemetry;
using Ambient.Operator.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Indexing;

/// <summary>
/// Owner of the compiler. 1. Watches put objects in, under its lock, so that a slow compiler slows the watches down rather than filling
/// a queue. 2. Changes wait a moment for others. 3. One task flushes and hands the difference to the consumers. Nothing is flushed
/// before all kinds are known.
/// </summary>
internal sealed partial class MeshIndexer : IObjectSink
{
    private const int ReferenceRounds = 4;

    private readonly Lock _lock = new();
    private readonly IncrementalCompiler _compiler;
    private readonly PodRoster _pods;
    private readonly NamespaceRoster _namespaces;
    private readonly IReadOnlyList<IMeshConsumer> _consumers;
    private readonly OperatorConfig _config;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _changes;

    public MeshIndexer(
        OperatorConfig config, PodRoster pods, NamespaceRoster namespaces, IReadOnlyList<IMeshConsumer> consumers, OperatorMetrics metrics,
        TimeProvider time, ILogger logger)
    {
        _compiler = new IncrementalCompiler(CompileSettings.Of(config));
        _pods = pods;
        _namespaces = namespaces;
        _consumers = consumers;
        _config = config;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <summary>Where Secrets and ConfigMaps come from; they are put here.</summary>
    public ReferencedObjects? References { get; set; }

    public void Put(ObjectKey key, JsonObject manifest)
    {
        switch (key.Kind)
        {
            case KnownKinds.Pod:
                _pods.Put(key, manifest);
                break;
            case KnownKinds.Namespace:
                _namespaces.Put(key, manifest);
                break;
        }

        lock (_lock)
        {
            try
            {
                _compiler.Put(manifest);
            }
#pragma warning disable CA1031 // one object that the compiler chokes on must not end the watch of its kind
            catch (Exception e)
#pragma warning restore CA1031
            {
                _metrics.CompileFailures.Add();
                LogRefused(_logger, e, key.ToString());
            }
        }

        Signal();
    }

    public void Remove(ObjectKey key)
    {
        switch (key.Kind)
        {
            case KnownKinds.Pod:
                _pods.Remove(key);
                break;
            case KnownKinds.Namespace:
                _namespaces.Remove(key);
                break;
        }

        lock (_lock)
        {
            _compiler.Remove(key);
        }

        Signal();
    }

    /// <summary>What stands in the way of a Gateway, for its status; null when nothing does.</summary>
    public void Provisioned(string @namespace, string gateway, ProvisioningProblem? problem)
    {
        lock (_lock)
        {
            _compiler.Provisioned(@namespace, gateway, problem);
        }

        Signal();
    }

    /// <summary>The whole state as last flushed.</summary>
    public CompileResult Result()
    {
        lock (_lock)
        {
            return _compiler.Result();
        }
    }

    /// <summary>
    /// Looks up what Gateways name, as often as that leads to more, so that nothing is published with a certificate missing that is only not read
    /// yet.
    /// </summary>
    public async Task ReadReferencedAsync(CancellationToken cancellation)
    {
        for (int round = 0; round < ReferenceRounds && References is { } references; round++)
        {
            IReadOnlyCollection<ObjectKey> wanted;
            lock (_lock)
            {
                _compiler.Settle();
                wanted = _compiler.Wanted;
            }

            if (!await references.FollowAsync(wanted, cancellation))
            {
                return;
            }
        }
    }

    /// <summary>Compiles and publishes at once; afterwards the first state is out.</summary>
    public void Flush()
    {
        long begun = _time.GetTimestamp();
        CompileDelta delta;
        lock (_lock)
        {
            delta = _compiler.Flush();
        }

        _metrics.CompileSeconds.Observe(_time.GetElapsedTime(begun).TotalSeconds);
        if (!delta.IsEmpty)
        {
            _pods.Enrol(delta.Update.Enrolments, delta.Update.RemovedEnrolments);
            foreach (IMeshConsumer consumer in _consumers)
            {
                consumer.Consume(delta);
            }
        }
    }

    /// <summary>Flushes after changes, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await _changed.Reader.WaitToReadAsync(cancellation))
            {
                _changed.Reader.TryRead(out _);
                await SettleAsync(cancellation);
                await ReadReferencedSafelyAsync(cancellation);
                FlushSafely();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task ReadReferencedSafelyAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadReferencedAsync(cancellation);
        }
#pragma warning disable CA1031 // what was published stays in force; the next change tries again
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _metrics.CompileFailures.Add();
            LogFlushFailed(_logger, e);
        }
    }

    private void FlushSafely()
    {
        try
        {
            Flush();
        }
#pragma warning disable CA1031 // what was published stays in force; the next change tries again
        catch (Exception e)
#pragma warning restore CA1031
        {
            _metrics.CompileFailures.Add();
            LogFlushFailed(_logger, e);
        }
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        long begun = _time.GetTimestamp();
        long seen;
        do
        {
            seen = Volatile.Read(ref _changes);
            await Task.Delay(_config.Debounce, _time, cancellation);
        }
        while (seen != Volatile.Read(ref _changes) && _time.GetElapsedTime(begun) + _config.Debounce < _config.DebounceLimit);
    }

    private void Signal()
    {
        Interlocked.Increment(ref _changes);
        _changed.Writer.TryWrite(true);
    }

    [LoggerMessage(100, LogLevel.Error, "{Key} could not be taken in; what was known of it before stays in force")]
    private static partial void LogRefused(ILogger logger, Exception cause, string key);

    [LoggerMessage(101, LogLevel.Error, "Compiling failed; what was published before stays in force")]
    private static partial void LogFlushFailed(ILogger logger, Exception cause);
}
