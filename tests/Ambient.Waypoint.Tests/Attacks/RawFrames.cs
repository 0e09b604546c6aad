using System.Buffers.Binary;
using Ambient.Waypoint.Tests.Requests.Rig;

namespace Ambient.Waypoint.Tests.Attacks;

/// <summary>HTTP/2 on a stream, frame by frame.</summary>
internal sealed class RawFrames(Stream stream)
{
    private static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    internal static async Task<RawFrames> GreetAsync(Stream stream)
    {
        await stream.WriteAsync(s_preface, TestContext.Current.CancellationToken);
        RawFrames frames = new(stream);
        await frames.SendAsync(0x4, 0, 0, []);
        return frames;
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

    internal async Task SendAsync(byte type, byte flags, int id, byte[] payload) =>
        await stream.WriteAsync(Frame(type, flags, id, payload), TestContext.Current.CancellationToken);

    internal Task HeadersAsync(int id, bool end, params string[] headers) => SendAsync(0x1, (byte)(0x4 | (end ? 0x1 : 0)), id, Http2Raw.Block(headers));

    /// <summary>The same frame again and again, until it is refused; how often it was taken.</summary>
    internal async Task<long> FloodAsync(byte[] frame, int most)
    {
        byte[] many = [.. Enumerable.Repeat(frame, Math.Max(1, 4096 / frame.Length)).SelectMany(f => f)];
        return await RawStream.PourAsync(stream, many, (long)most * frame.Length) / frame.Length;
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

    internal async Task<(byte Type, int Id, byte[] Payload)?> ReadAsync(int milliseconds = 8000)
    {
        using CancellationTokenSource patience = new(milliseconds);
        try
        {
            byte[] head = new byte[9];
            await stream.ReadExactlyAsync(head, patience.Token);
            byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, patience.Token);
            return (head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return null;
        }
    }

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
            _ => System.Text.Encoding.ASCII.GetString(block, at + 2, 3),
        };
    }
}
