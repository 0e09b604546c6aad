using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Ambient.Hbone.Transport;

internal sealed class SocketWriter : TransportWriter
{
    private readonly SocketConnection _connection;
    private readonly Socket _socket;

    public SocketWriter(SocketConnection connection, Socket socket)
    {
        _connection = connection;
        _socket = socket;
    }

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> memory, CancellationToken ct)
    {
        ValueTask<int> sending = _socket.SendAsync(memory, SocketFlags.None, ct);
        if (!sending.IsCompletedSuccessfully)
        {
            return SendRestAsync(sending, memory, ct);
        }

        int sent = sending.GetAwaiter().GetResult();
        return sent == memory.Length ? default : SendRestAsync(ValueTask.FromResult(sent), memory, ct);
    }

    protected override ValueTask EndAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already, which reading tells.
        }

        return default;
    }

    protected override void Abort() => _connection.Abort();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendRestAsync(ValueTask<int> sending, ReadOnlyMemory<byte> memory, CancellationToken ct)
    {
        int sent = await sending.ConfigureAwait(false);
        while (sent < memory.Length)
        {
            memory = memory[sent..];
            sent = await _socket.SendAsync(memory, SocketFlags.None, ct).ConfigureAwait(false);
        }
    }
}
