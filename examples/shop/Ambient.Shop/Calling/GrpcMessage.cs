using System.Buffers.Binary;
using System.Text;

namespace Ambient.Shop.Calling;

/// <summary>One message in gRPC's frame: a zero byte (not compressed), its length in four bytes, its bytes. The shop's messages are JSON.</summary>
internal static class GrpcMessage
{
    private const int Prefix = 5;

    public static byte[] Frame(string text)
    {
        byte[] frame = new byte[Prefix + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - Prefix);
        Encoding.UTF8.GetBytes(text, frame.AsSpan(Prefix));
        return frame;
    }

    /// <summary>Null when there is none before the stream's end.</summary>
    /// <exception cref="IOException">It is too long, or cut off.</exception>
    public static async Task<string?> ReadAsync(Stream stream, int limit, CancellationToken stop)
    {
        byte[] prefix = new byte[Prefix];
        int read = await stream.ReadAtLeastAsync(prefix, Prefix, throwOnEndOfStream: false, stop).ConfigureAwait(false);
        if (read < Prefix)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1));
        if (length < 0 || length > limit)
        {
            throw new IOException($"a message of {length} bytes");
        }

        byte[] message = new byte[length];
        await stream.ReadExactlyAsync(message, stop).ConfigureAwait(false);
        return Encoding.UTF8.GetString(message);
    }
}
