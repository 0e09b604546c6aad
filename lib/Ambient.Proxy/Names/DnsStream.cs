using System.Buffers.Binary;
using System.Net.Sockets;

namespace Ambient.Proxy.Names;

/// <summary>Messages over TCP: two bytes of length first (RFC 1035 §4.2.2).</summary>
internal static class DnsStream
{
    internal static async Task WriteAsync(Socket socket, ReadOnlyMemory<byte> message, CancellationToken ct)
    {
        byte[] framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed.AsMemory(2));
        for (int sent = 0; sent < framed.Length;)
        {
            sent += await socket.SendAsync(framed.AsMemory(sent), ct);
        }
    }

    /// <returns>Null when the other side has closed or sends more than the limit.</returns>
    internal static async Task<byte[]?> ReadAsync(Socket socket, int limit, CancellationToken ct)
    {
        byte[] length = new byte[2];
        if (!await FillAsync(socket, length, ct))
        {
            return null;
        }

        int size = BinaryPrimitives.ReadUInt16BigEndian(length);
        if (size > limit)
        {
            return null;
        }

        byte[] message = new byte[size];
        return await FillAsync(socket, message, ct) ? message : null;
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> into, CancellationToken ct)
    {
        while (!into.IsEmpty)
        {
            int got = await socket.ReceiveAsync(into, ct);
            if (got == 0)
            {
                return false;
            }

            into = into[got..];
        }

        return true;
    }
}
