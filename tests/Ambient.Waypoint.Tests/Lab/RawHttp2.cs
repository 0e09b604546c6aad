using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>HTTP/2 frame by frame, as an attacker writes it. Header blocks are literals without Huffman coding and without the dynamic table.</summary>
internal sealed class RawHttp2 : IDisposable
{
    private static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    // Only for what would never come.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Stream _stream;

    private RawHttp2(Stream stream) => _stream = stream;

    internal static async Task<RawHttp2> ConnectAsync(IPEndPoint to)
    {
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, TestContext.Current.CancellationToken);
        return await GreetAsync(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>The preface and empty SETTINGS.</summary>
    internal static async Task<RawHttp2> GreetAsync(Stream stream)
    {
        RawHttp2 raw = new(stream);
        await stream.WriteAsync(s_preface, TestContext.Current.CancellationToken);
        await raw.SendAsync(0x4, 0, 0, []);
        return raw;
    }

    internal static byte[] Frame(byte type, byte flags, int id, byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame, 9);
        return frame;
    }

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

    internal async Task SendAsync(byte type, byte flags, int id, byte[] payload) =>
        await _stream.WriteAsync(Frame(type, flags, id, payload), TestContext.Current.CancellationToken);

    internal Task HeadersAsync(int id, bool end, params string[] headers) => SendAsync(0x1, (byte)(0x4 | (end ? 0x1 : 0)), id, Block(headers));

    /// <summary>The same frame again and again, until it is refused; how often it was taken.</summary>
    internal async Task<long> FloodAsync(byte[] frame, int most)
    {
        byte[] many = [.. Enumerable.Repeat(frame, Math.Max(1, 4096 / frame.Length)).SelectMany(f => f)];
        return await _stream.PourAsync(many, (long)most * frame.Length) / frame.Length;
    }

    /// <summary>How a request ended: its status, <c>RST_STREAM</c>, <c>GOAWAY</c>, or <c>END</c> of the connection.</summary>
    internal async Task<string> EndOfAsync(int id)
    {
        while (await ReadAsync() is { } frame)
        {
            switch (frame.Type)
            {
                case 0x1 when frame.Id == id:
                    return StatusOf(frame.Payload);
                case 0x3 when frame.Id == id:
                    return "RST_STREAM";
                case 0x7:
                    return "GOAWAY";
            }
        }

        return "END";
    }

    /// <summary>The next frame; null: the connection ended.</summary>
    internal async Task<(byte Type, int Id, byte[] Payload)?> ReadAsync()
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            byte[] head = new byte[9];
            await _stream.ReadExactlyAsync(head, patience.Token);
            byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await _stream.ReadExactlyAsync(payload, patience.Token);
            return (head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("no frame came");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();

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
}
