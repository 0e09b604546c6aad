using Ambient.Hbone.Connect;

namespace Ambient.Hbone.Tests.Peers;

internal sealed class HandlerOf(Func<IncomingConnect, CancellationToken, ValueTask> handle) : IConnectHandler
{
    /// <summary>Accepts, sends everything back and half-closes when the peer does.</summary>
    public static HandlerOf Echo { get; } = new(async (connect, _) =>
    {
        await using HboneStream stream = await connect.AcceptAsync();
        await Pipes.EchoAsync(stream);
    });

    public ValueTask HandleAsync(IncomingConnect connect, CancellationToken ct) => handle(connect, ct);
}
