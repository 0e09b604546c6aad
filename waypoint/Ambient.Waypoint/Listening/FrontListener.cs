using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Ambient.Waypoint.Listening;

/// <summary>Where Kestrel accepts what was made elsewhere.</summary>
internal sealed class FrontListener(EndPoint endPoint) : IConnectionListener
{
    private readonly Channel<ConnectionContext> _waiting = Channel.CreateUnbounded<ConnectionContext>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    public EndPoint EndPoint => endPoint;

    /// <summary>False when Kestrel takes no more.</summary>
    internal bool Offer(ConnectionContext connection) => _waiting.Writer.TryWrite(connection);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _waiting.Reader.WaitToReadAsync(cancellationToken) && _waiting.Reader.TryRead(out ConnectionContext? next) ? next : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _waiting.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
