using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Ambient.Waypoint.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Ambient.Waypoint.Listening;

/// <summary>
/// A connection as Kestrel wants it: the pipes as they are but for their end (<see cref="FrontPipes"/>), no copy and no further thread between. An
/// orderly end of the client's side (half-close) shows in the input alone; only a fault counts as a closed connection and aborts requests.
/// </summary>
internal sealed class FrontConnection : ConnectionContext,
    IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature, IConnectionLifetimeFeature, IConnectionEndPointFeature, IMemoryPoolFeature
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closed = new();
    private readonly FeatureCollection _features = new(8);
    private readonly Action _abort;
    private IDictionary<object, object?>? _items;
    private int _aborted;

    /// <param name="pipes">Not owned: whoever made this connection ends them after <see cref="Ended"/>.</param>
    /// <param name="request">What the pipeline is told.</param>
    /// <param name="local">As Kestrel shows it to requests.</param>
    /// <param name="abort">Resets the connection; called once at most.</param>
    internal FrontConnection(IDuplexPipe pipes, RequestConnection request, IPEndPoint? local, Action abort)
    {
        Transport = new FrontPipes(pipes);
        _abort = abort;
        LocalEndPoint = local;
        RemoteEndPoint = request.Source;
        ConnectionClosed = _closed.Token;
        _features.Set<IConnectionIdFeature>(this);
        _features.Set<IConnectionItemsFeature>(this);
        _features.Set<IConnectionTransportFeature>(this);
        _features.Set<IConnectionLifetimeFeature>(this);
        _features.Set<IConnectionEndPointFeature>(this);
        _features.Set<IMemoryPoolFeature>(this);
        _features.Set(request);
    }

    /// <summary>Kestrel is done with it.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Ended from here or by a fault, not in order.</summary>
    internal bool WasAborted => Volatile.Read(ref _aborted) != 0;

    public override string ConnectionId { get; set; } = "";

    public override IFeatureCollection Features => _features;

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    MemoryPool<byte> IMemoryPoolFeature.MemoryPool => BlockPool.Shared;

    /// <summary>The peer has reset the connection, or it was lost.</summary>
    internal void OnLost()
    {
        Volatile.Write(ref _aborted, 1);

        // Requests' callbacks are ours and Kestrel's: short, and not to run under whatever the fault's thread holds; nor
        // does what they throw concern that thread.
        _ = _closed.CancelAsync();
    }

    /// <summary>Kestrel sends GOAWAY, and ends the connection after the requests that it carries.</summary>
    internal void AskToLeave() => _features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Interlocked.Exchange(ref _aborted, 1) == 0)
        {
            _abort();
            _ = _closed.CancelAsync();
        }
    }

    public override ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        return base.DisposeAsync();
    }
}
