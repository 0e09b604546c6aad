using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Frames;
using Ambient.Identity.Tls;
using Microsoft.Extensions.Logging;

namespace Ambient.Hbone.Pool;

/// <summary>
/// Tunnels to peers over shared connections: several a peer, spread by load, used again as streams end.
/// Who finds no room waits for one dial that all share; no lock is held over it.
/// </summary>
public sealed class HbonePool : IAsyncDisposable
{
    private const int MaxAttempts = 4;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<PoolKey, PoolEntry> _entries = new();
    private readonly ConcurrentDictionary<ClientConnection, byte> _open = new();
    private readonly HboneDialer _dialer;
    private readonly HbonePoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _sweeper;
    private volatile bool _draining;

    public HbonePool(HboneDialer dialer, HbonePoolOptions options, TimeProvider time, ILogger logger)
    {
        _dialer = dialer;
        _options = options;
        _time = time;
        _logger = logger;
        _sweeper = time.CreateTimer(static state => ((HbonePool)state!).Sweep(), this, SweepInterval, SweepInterval);
    }

    /// <summary>One entry a key.</summary>
    public PoolStatus[] Status => [.. _entries.Values.Select(entry => entry.Status())];

    /// <summary>Opens a tunnel; returns when the peer has answered 200. Throws <see cref="HboneConnectException"/>, OperationCanceledException.</summary>
    public async ValueTask<HboneStream> ConnectAsync(PoolKey key, ConnectRequest request, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            ClientConnection connection = await ReserveAsync(key, ct).ConfigureAwait(false);
            try
            {
                return await connection.OpenAsync(request, ct).ConfigureAwait(false);
            }
            catch (HboneConnectException e) when (attempt < MaxAttempts && WasNotActedOn(e))
            {
                // The peer says that it did nothing (GOAWAY, REFUSED_STREAM): another connection may do.
            }
        }
    }

    /// <summary>Forgets the connections of matching keys: idle ones close at once, others when their last stream ends.</summary>
    public void Evict(Predicate<PoolKey> match)
    {
        foreach ((PoolKey key, PoolEntry entry) in _entries)
        {
            if (match(key) && _entries.TryRemove(new(key, entry)))
            {
                Close(entry);
            }
        }
    }

    /// <summary>Refuses new tunnels and waits for the open ones, at most so long; then ends the rest.</summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        _draining = true;
        Evict(static _ => true);
        try
        {
            await Task.WhenAll(_open.Keys.Select(connection => connection.Ended)).WaitAsync(timeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            foreach (ClientConnection connection in _open.Keys)
            {
                connection.Abort(ErrorCode.NoError, "drain time is over");
            }

            await Task.WhenAll(_open.Keys.Select(connection => connection.Ended)).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        await DrainAsync(TimeSpan.Zero).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static bool WasNotActedOn(HboneConnectException e) =>
        e is { Failure: HboneConnectFailure.H2Handshake, InnerException: HboneStreamResetException { Code: ErrorCode.RefusedStream } };

    private async ValueTask<ClientConnection> ReserveAsync(PoolKey key, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            PoolEntry entry = Entry(key);
            (ClientConnection? reserved, Task<ClientConnection>? dial) = entry.Take(DialAsync);
            if (reserved is not null)
            {
                return reserved;
            }

            if (dial is not null)
            {
                await dial.WaitAsync(ct).ConfigureAwait(false);
            }
            else if (!entry.Retired)
            {
                throw new HboneConnectException(HboneConnectFailure.Refused, "every connection to the peer is full");
            }
        }
    }

    private PoolEntry Entry(PoolKey key)
    {
        if (_draining)
        {
            throw new HboneConnectException(HboneConnectFailure.Refused, "the pool is closing");
        }

        if (_entries.TryGetValue(key, out PoolEntry? entry))
        {
            return entry;
        }

        if (_entries.Count >= _options.MaxKeys)
        {
            Sweep(TimeSpan.Zero);
            if (_entries.Count >= _options.MaxKeys)
            {
                throw new HboneConnectException(HboneConnectFailure.Refused, "too many peers at once");
            }
        }

        return _entries.GetOrAdd(key, static (k, options) => new PoolEntry(k, options), _options);
    }

    // Begins under the entry's lock, so it gives the thread back before it does anything.
    private async Task<ClientConnection> DialAsync(PoolEntry entry)
    {
        await Task.Yield();
        ClientConnection? connection = null;
        try
        {
            MeshConnection transport = await DialTransportAsync(entry.Key).ConfigureAwait(false);
            connection = new ClientConnection(transport, _options.Limits, _time, _logger);
            Start(connection);
            return connection;
        }
        finally
        {
            if (!entry.OnDialled(connection))
            {
                connection?.Close();
            }
        }
    }

    private async Task<MeshConnection> DialTransportAsync(PoolKey key)
    {
        using CancellationTokenSource timer = new(_options.DialTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, timer.Token);
        try
        {
            return await _dialer(key, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new HboneConnectException(HboneConnectFailure.TcpConnect, $"connecting to {key.Destination} took too long", e);
        }
        catch (TimeoutException e)
        {
            throw new HboneConnectException(HboneConnectFailure.Tls, e.Message, e);
        }
        catch (AuthenticationException e)
        {
            throw new HboneConnectException(HboneConnectFailure.Tls, e.Message, e);
        }
        catch (SocketException e)
        {
            throw new HboneConnectException(HboneConnectFailure.TcpConnect, e.Message, e);
        }
        catch (IOException e) when (e is not HboneConnectException)
        {
            throw new HboneConnectException(HboneConnectFailure.Tls, e.Message, e);
        }
    }

    private void Start(ClientConnection connection)
    {
        _open.TryAdd(connection, 0);
        connection.Start();
        _ = ForgetAsync(connection);
    }

    private async Task ForgetAsync(ClientConnection connection)
    {
        await connection.Ended.ConfigureAwait(false);
        _open.TryRemove(connection, out _);
    }

    private void Sweep() => Sweep(_options.IdleTimeout);

    private void Sweep(TimeSpan idle)
    {
        foreach ((PoolKey key, PoolEntry entry) in _entries)
        {
            if (entry.RemoveUnusable(idle) && entry.RetireIfEmpty())
            {
                _entries.TryRemove(new(key, entry));
            }
        }
    }

    private static void Close(PoolEntry entry)
    {
        foreach (ClientConnection connection in entry.Retire())
        {
            connection.Close();
        }
    }
}
