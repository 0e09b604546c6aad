using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Waypoint.Tests.Requests.Rig;

/// <summary>HTTP/2 frame by frame, as an attacker writes it. Header blocks are literals without Huffman coding and without the dynamic table.</summary>
internal sealed class Http2Raw : IDisposable
{
    private static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Socket _socket;

    private Http2Raw(Socket socket) => _socket = socket;

    internal static async Task<Http2Raw> ConnectAsync(IPEndPoint to)
    {
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, TestContext.Current.CancellationToken);
        Http2Raw raw = new(socket);
        await socket.SendAsync(s_preface, TestContext.Current.CancellationToken);
        await raw.FrameAsync(0x4, 0, 0, []);
        return raw;
    }

    internal Task HeadersAsync(int stream, bool endStream, params string[] headers) =>
        FrameAsync(0x1, (byte)(0x4 | (endStream ? 0x1 : 0)), stream, Block(headers));

    internal static byte[] Block(params string[] headers)
    {
        List<byte> block = [];
        foreach (string header in headers)
        {
            int colon = header.IndexOf(": ", 1, StringComparison.Ordinal);
            (string name, string value) = colon < 0 ? (header, "") : (header[..colon], header[(colon + 2)..]);
            block.Add(0x10); // literal, never indexed, new name
            Text(name);
            Text(value);
        }

        return [.. block];

        void Text(string text)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(text);
            int length = bytes.Length;
            if (length < 127)
            {
                block.Add((byte)length);
            }
            else
            {
                block.Add(127);
                for (length -= 127; length >= 128; length /= 128)
                {
                    block.Add((byte)((length % 128) | 0x80));
                }

                block.Add((byte)length);
            }

            block.AddRange(bytes);
        }
    }

    internal async Task FrameAsync(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await _socket.SendAsync(frame, TestContext.Current.CancellationToken);
    }

    /// <summary>The next frame; null: the connection ended, or nothing came for a while.</summary>
    internal async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadAsync(int milliseconds = 5000)
    {
        using CancellationTokenSource patience = new(milliseconds);
        try
        {
            byte[] head = new byte[9];
            await ExactlyAsync(head, patience.Token);
            byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await ExactlyAsync(payload, patience.Token);
            return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>How a stream ended: its status, <c>RST_STREAM</c>, <c>GOAWAY</c>, or <c>END</c> of the connection.</summary>
    internal async Task<string> EndOfAsync(int stream)
    {
        while (await ReadAsync() is { } frame)
        {
            switch (frame.Type)
            {
                case 0x1 when frame.Stream == stream:
                    return StatusOf(frame.Payload);
                case 0x3 when frame.Stream == stream:
                    return "RST_STREAM";
                case 0x7:
                    return "GOAWAY";
            }
        }

        return "END";
    }

    public void Dispose() => _socket.Dispose();

    // RFC 7541 appendix A: 8 is 200, 12 is 400, 13 is 404, 14 is 500; others come as literals of name 8.
    private static string StatusOf(byte[] block)
    {
        int at = 0;
        while (at < block.Length && (block[at] & 0xE0) == 0x20)
        {
            at++; // table size update
        }

        return block[at] switch
        {
            0x88 => "200",
            0x8C => "400",
            0x8D => "404",
            0x8E => "500",
            _ => Encoding.ASCII.GetString(block, at + 2, 3),
        };
    }

    private async Task ExactlyAsync(byte[] bytes, CancellationToken ct)
    {
        for (int done = 0; done < bytes.Length;)
        {
            int read = await _socket.ReceiveAsync(bytes.AsMemory(done), ct);
            done += read > 0 ? read : throw new EndOfStreamException();
        }
    }
}
