using System.Net.Sockets;

namespace Ambient.Hbone.Transport;

/// <summary>What SslStream reads its records from and writes them to.</summary>
internal sealed class TlsSocketStream : NetworkStream
{
    public TlsSocketStream(Socket socket)
        : base(socket, ownsSocket: false)
    {
    }
}
