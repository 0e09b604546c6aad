using Ambient.Hbone.Connect;
using Microsoft.Extensions.Logging;

namespace Ambient.Hbone.Pool;

/// <summary>Tunnels to peers over shared connections.</summary>
public sealed class HbonePool : IAsyncDisposable
{
    private readonly HbonePoolOptions _options;

    public HbonePool(HboneDialer dialer, HbonePoolOptions options, TimeProvider time, ILogger logger)
    {
        _ = (dialer, time, logger);
        _options = options;
    }

    /// <summary>One entry a key.</summary>
    public PoolStatus[] Status => _options.MaxKeys < 0 ? throw new InvalidOperationException() : [];

    /// <summary>Opens a tunnel; returns when the peer has answered 200. Throws <see cref="HboneConnectException"/>.</summary>
    public ValueTask<HboneStream> ConnectAsync(PoolKey key, ConnectRequest request, CancellationToken ct) =>
        throw new NotSupportedException("lands with the HTTP/2 connection");

    /// <summary>Forgets the connections of matching keys: idle ones close at once, others when their last stream ends.</summary>
    public void Evict(Predicate<PoolKey> match) => _ = (match, _options);

    /// <summary>Refuses new tunnels and waits for the open ones, at most so long; then ends the rest.</summary>
    public Task DrainAsync(TimeSpan timeout) => Task.FromResult((timeout, _options));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
