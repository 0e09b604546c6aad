using System.Net.Sockets;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Pool;
using Ambient.Proxy.Sockets;
using Ambient.Ztunnel.Dns;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.Outbound;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>
/// The proxy of one pod: its listeners and what serves them. Phases: serving → (not accepting any more, connections go on) →
/// (tunnels asked to end) → ended. The enrolment loop owns it; connections run on the socket engine's threads.
/// </summary>
internal sealed class PodProxy : IAsyncDisposable
{
    private readonly PodContext _pod;
    private readonly OutboundPipeline _outbound;
    private readonly PlaintextPipeline _plaintext;
    private readonly HbonePipeline _hbone;
    private readonly DnsProxy _dns;
    private readonly CancellationTokenSource _stopAccepting = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _allServed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loops = Task.CompletedTask;

    // One for accepting itself, and one for each socket from the moment that it is accepted.
    private int _serving = 1;
    private bool _stopped;

    internal PodProxy(PodContext pod, PodListeners listeners)
    {
        _pod = pod;
        Listeners = listeners;
        pod.Pool = new HbonePool(new TunnelDialer(pod).DialAsync, new HbonePoolOptions(), pod.Node.Time, pod.Log);
        var dialer = new AppDialer(pod);
        _outbound = new OutboundPipeline(pod);
        _plaintext = new PlaintextPipeline(pod, dialer);
        _hbone = new HbonePipeline(pod, dialer, new HboneServerOptions { Time = pod.Node.Time, Logger = pod.Log });
        _dns = new DnsProxy(pod);
        pod.Names = _dns.Names();
    }

    internal PodContext Pod => _pod;

    internal PodListeners Listeners { get; }

    internal void Start()
    {
        CancellationToken stop = _stopAccepting.Token;
        List<Task> loops =
        [
            Accept(Listeners.Outbound, s => _outbound.ServeAsync(s)).RunAsync(stop),
            Accept(Listeners.Plaintext, s => _plaintext.ServeAsync(s)).RunAsync(stop),
            Accept(Listeners.Hbone, s => _hbone.ServeAsync(s, _drain.Token, _abort.Token)).RunAsync(stop),
        ];
        loops.AddRange(Listeners.DnsUdp.Select(s => _dns.ServeUdpAsync(s, stop)));
        loops.AddRange(Listeners.DnsTcp.Select(s => Accept(s, c => _dns.ServeTcpAsync(c, _abort.Token)).RunAsync(stop)));
        _loops = Task.WhenAll(loops);
    }

    /// <summary>The listeners stay open: whoever else holds them accepts, or the kernel queues.</summary>
    internal async Task StopAcceptingAsync()
    {
        await _stopAccepting.CancelAsync();
        await _loops;
        if (!Interlocked.Exchange(ref _stopped, true))
        {
            Served();
        }
    }

    /// <summary>Asks peers' tunnels to end and waits for the last connection, at most so long; null waits for ever.</summary>
    internal async Task DrainAsync(TimeSpan? limit, CancellationToken ct)
    {
        await _drain.CancelAsync();
        await EmptyAsync(limit ?? Timeout.InfiniteTimeSpan, ct);
    }

    /// <summary>Peers' tunnels are told that no new stream is taken; new connections still are.</summary>
    internal Task AnnounceEndAsync() => _drain.CancelAsync();

    /// <summary>Nobody accepts here any more: new connections are refused at once instead of waiting in a queue.</summary>
    internal async Task CloseListenersAsync()
    {
        await StopAcceptingAsync();
        Listeners.Dispose();
    }

    /// <summary>
    /// Waits until nothing that was accepted is served any more, at most so long: connections, handshakes, and tunnels, whose peers may have begun
    /// a stream before they learned that the tunnel ends. Only after <see cref="StopAcceptingAsync"/> is that the end.
    /// </summary>
    internal async Task EmptyAsync(TimeSpan limit, CancellationToken ct = default)
    {
        try
        {
            await _allServed.Task.WaitAsync(limit, _pod.Node.Time, ct);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // What is still open is cut by whoever disposes.
        }
    }

    /// <summary>Ends every connection now. The listeners are closed; disposing them resets what waits in their queues.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        _pod.Connections.CloseAll("the proxy of this pod ends");
        await _abort.CancelAsync();
        await _pod.Pool.DisposeAsync();
        Listeners.Dispose();
    }

    private AcceptLoop Accept(Socket listener, Func<Socket, Task> serve) => new(
        listener,
        socket =>
        {
            Interlocked.Increment(ref _serving);
            _ = ServeAsync(socket, serve);
        },
        e => PodLog.AcceptFailed(_pod.Log, _pod.Pod.Uid, e.Message),
        _pod.Node.Time);

    private async Task ServeAsync(Socket socket, Func<Socket, Task> serve)
    {
        if (!_pod.Budget.TryTakeConnection())
        {
            socket.CloseWithReset();
            Served();
            return;
        }

        try
        {
            socket.Tune();
            await serve(socket);
        }
        catch (Exception e)
        {
            // Pipelines handle what can happen; what cannot must not end the accept loop either.
            PodLog.ConnectionFailed(_pod.Log, e, _pod.Pod.Uid);
            socket.CloseWithReset();
        }
        finally
        {
            _pod.Budget.ReturnConnection();
            Served();
        }
    }

    private void Served()
    {
        if (Interlocked.Decrement(ref _serving) == 0)
        {
            _allServed.TrySetResult();
        }
    }
}
