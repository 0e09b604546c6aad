using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Tests.Peers;

namespace Ambient.Hbone.Tests.Fuzzing;

/// <summary>Frames that mean something, frames that almost do, and mutations of both. All from one seed.</summary>
internal sealed class FrameGenerator(Random random)
{
    private static readonly (string, string)[] Fields =
    [
        (":method", "CONNECT"), (":method", "GET"), (":authority", "10.0.0.1:80"), (":authority", "x"), (":path", "/"), (":scheme", "https"),
        (":status", "200"), (":status", "100"), (":bogus", ""), ("baggage", "a=b"), ("forwarded", "for=\"1.2.3.4:5\""), ("traceparent", "00-"),
        ("Upper", "x"), ("", ""), ("te", "gzip"), ("connection", "close"), ("x", "line\r\nbreak"), ("y", "\0"),
    ];

    private int _nextStream = 1;

    /// <summary>A client's or a server's whole conversation, with faults sprinkled in.</summary>
    public byte[] Conversation(bool client)
    {
        List<byte[]> parts = [];
        if (client && !Rarely())
        {
            parts.Add(Preface.Magic.ToArray());
        }

        if (!Rarely())
        {
            parts.Add(FramePeer.Settings((4, (uint)random.Next(0, 1 << 20)), (5, 16384u + (uint)random.Next(100))));
        }

        int count = random.Next(1, 40);
        for (int i = 0; i < count; i++)
        {
            parts.Add(Any());
        }

        byte[] all = [.. parts.SelectMany(p => p)];
        for (int mutations = random.Next(-2, 4); mutations > 0 && all.Length > 0; mutations--)
        {
            all[random.Next(all.Length)] ^= (byte)(1 << random.Next(8));
        }

        return all;
    }

    /// <summary>Frames that a <see cref="FrameReader"/> takes whole.</summary>
    public byte[] ValidFrames(int count)
    {
        List<byte> all = [];
        for (int i = 0; i < count; i++)
        {
            FrameType type = (FrameType)random.Next(0, 14);
            int flags = random.Next(256);
            byte[] payload = Bytes(random.Next(1, 300));
            if (type == FrameType.Data && (flags & 8) != 0)
            {
                payload[0] = (byte)random.Next(0, Math.Min(256, payload.Length));
            }

            all.AddRange(FramePeer.Frame(type, flags, random.Next(), payload));
        }

        return [.. all];
    }

    /// <summary>A header block: fields, size updates, table references, noise.</summary>
    public byte[] Block()
    {
        List<byte> block = [];
        for (int n = random.Next(0, 8); n > 0; n--)
        {
            switch (random.Next(7))
            {
                case 0:
                    block.Add((byte)(0x80 | random.Next(128)));
                    break;
                case 1:
                    block.Add((byte)(0x20 | random.Next(32)));
                    break;
                case 2:
                    block.AddRange(Bytes(random.Next(1, 20)));
                    break;
                default:
                    byte[] field = FramePeer.Block(Fields[random.Next(Fields.Length)]);
                    // Sometimes with indexing.
                    field[0] |= (byte)(random.Next(3) == 0 ? 0x40 : 0);
                    block.AddRange(field);
                    break;
            }
        }

        return [.. block];
    }

    private byte[] Any() => random.Next(14) switch
    {
        0 or 1 or 2 => FramePeer.Headers(NewStream(), FramePeer.ConnectBlock(), 0x4 | random.Next(2)),
        3 => FramePeer.Headers(Stream(), Block(), random.Next(256)),
        4 or 5 => FramePeer.Frame(FrameType.Data, random.Next(16), Stream(), Bytes(random.Next(0, 3000))),
        6 => FramePeer.WindowUpdate(Rarely() ? 0 : Stream(), random.Next(3) == 0 ? random.Next() : random.Next(100_000)),
        7 => FramePeer.Rst(Stream(), (ErrorCode)random.Next(16)),
        8 => FramePeer.Settings(((int)(uint)random.Next(8), (uint)random.Next())),
        9 => FramePeer.Frame(FrameType.Ping, random.Next(2), 0, Bytes(8)),
        10 => FramePeer.Frame(FrameType.Continuation, random.Next(8), Stream(), Block()),
        11 => FramePeer.Frame(FrameType.GoAway, 0, 0, Bytes(random.Next(6, 20))),
        12 => FramePeer.Frame((FrameType)random.Next(256), random.Next(256), random.Next(), Bytes(random.Next(0, 200))),
        _ => Bytes(random.Next(0, 30)),
    };

    private int Stream() => Rarely() ? random.Next() : Math.Max(1, _nextStream - 2 * random.Next(1, 5));

    private int NewStream()
    {
        int id = _nextStream;
        _nextStream += 2;
        return id;
    }

    private bool Rarely() => random.Next(20) == 0;

    private byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
