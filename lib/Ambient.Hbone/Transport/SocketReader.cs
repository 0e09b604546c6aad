using System.Net.Sockets;

namespace Ambient.Hbone.Transport;

internal sealed class SocketReader : TransportReader
{
    private readonly Socket _socket;

    public SocketReader(Socket socket)
        : base(new ReadSizing(smallest: 1024, kept: 4096, largest: 256 * 1024))
    {
        _socket = socket;
    }

    protected override ValueTask<int> ReceiveAsync(Memory<byte> memory) => _socket.ReceiveAsync(memory, SocketFlags.None);
}
