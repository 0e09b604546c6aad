using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Tests.Peers;

/// <summary>Speaks frames and nothing else: whatever a test says goes out, right or wrong.</summary>
internal sealed class FramePeer(MeshConnection connection)
{
    public const int Connect = 1;

    public MeshConnection Connection => connection;

    public static byte[] Frame(FrameType type, int flags, int streamId, params ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, (FrameFlags)flags, streamId).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        byte[] block = new byte[fields.Sum(f => HpackEncoder.MaxLength(f.Name, f.Value))];
        int length = 0;
        foreach ((string name, string value) in fields)
        {
            length += HpackEncoder.Write(block.AsSpan(length), name, value);
        }

        return block[..length];
    }

    public static byte[] ConnectBlock(string authority = "10.0.0.1:80") => Block((":method", "CONNECT"), (":authority", authority));

    public static byte[] Settings(params (int Id, uint Value)[] entries)
    {
        byte[] payload = new byte[entries.Length * 6];
        for (int i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)entries[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(i * 6 + 2), entries[i].Value);
        }

        return Frame(FrameType.Settings, 0, 0, payload);
    }

    public static byte[] WindowUpdate(int streamId, int increment)
    {
        byte[] payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, increment);
        return Frame(FrameType.WindowUpdate, 0, streamId, payload);
    }

    public static byte[] Rst(int streamId, ErrorCode code = ErrorCode.Cancel) =>
        Frame(FrameType.RstStream, 0, streamId, 0, 0, 0, (byte)code);

    public static byte[] Headers(int streamId, byte[] block, int flags = 0x4) => Frame(FrameType.Headers, flags, streamId, block);

    public async Task SendAsync(params byte[][] frames)
    {
        try
        {
            await connection.Output.WriteAsync(frames.SelectMany(f => f).ToArray());
        }
        catch (IOException)
        {
            // The other side has closed meanwhile, which the test reads.
        }
        catch (InvalidOperationException)
        {
        }
    }

    /// <summary>The client's preface and an empty SETTINGS.</summary>
    public Task GreetAsync(params (int Id, uint Value)[] settings) =>
        SendAsync(Preface.Magic.ToArray(), Settings(settings), Frame(FrameType.Settings, 1, 0));

    /// <summary>The next frame, or null at the end of the bytes.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await connection.Input.ReadAsync(ct);
            }
            catch (IOException)
            {
                return null;
            }

            if (TryCut(result.Buffer, out (FrameHeader Header, byte[] Payload) frame))
            {
                connection.Input.AdvanceTo(result.Buffer.GetPosition(FrameHeader.Size + frame.Header.Length));
                return frame;
            }

            if (result.IsCompleted)
            {
                return null;
            }

            connection.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Reads until a frame of this type (on this stream, where given) comes.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)> ExpectAsync(FrameType type, CancellationToken ct, int? streamId = null)
    {
        List<FrameHeader> seen = [];
        while (await NextAsync(ct) is { } frame)
        {
            if (frame.Header.Type == type && (streamId is null || frame.Header.StreamId == streamId))
            {
                return frame;
            }

            seen.Add(frame.Header);
        }

        throw new InvalidOperationException($"no {type} came, but {string.Join("; ", seen)}");
    }

    public async Task ExpectGoAwayAsync(ErrorCode code, CancellationToken ct)
    {
        (FrameHeader header, byte[] payload) = await ExpectAsync(FrameType.GoAway, ct);
        Assert.Equal(code, GoAwayFrame.Read(header, payload).Code);
        while (await NextAsync(ct) is not null)
        {
        }
    }

    public async Task ExpectRstAsync(int streamId, ErrorCode code, CancellationToken ct)
    {
        (FrameHeader header, byte[] payload) = await ExpectAsync(FrameType.RstStream, ct);
        Assert.Equal(new RstStreamFrame(streamId, code), RstStreamFrame.Read(header, payload));
    }

    public async Task<string> ExpectStatusAsync(int streamId, CancellationToken ct)
    {
        (_, byte[] payload) = await ExpectAsync(FrameType.Headers, ct, streamId);
        HeaderList list = new(64 * 1024, 100);
        new HpackDecoder().Decode(payload, list);
        Assert.Equal(":status", list.Fields[0].Name);
        return list.Fields[0].Value;
    }

    /// <summary>Sends a PING and waits for its answer: everything sent before has been acted on.</summary>
    public async Task SyncAsync(CancellationToken ct)
    {
        byte[] opaque = new byte[8];
        Random.Shared.NextBytes(opaque);
        await SendAsync(Frame(FrameType.Ping, 0, 0, opaque));
        while (true)
        {
            (FrameHeader header, byte[] payload) = await ExpectAsync(FrameType.Ping, ct);
            if (header.Has(FrameFlags.Ack) && payload.AsSpan().SequenceEqual(opaque))
            {
                return;
            }
        }
    }

    private static bool TryCut(ReadOnlySequence<byte> bytes, out (FrameHeader Header, byte[] Payload) frame)
    {
        frame = default;
        if (bytes.Length < FrameHeader.Size)
        {
            return false;
        }

        FrameHeader header = FrameHeader.Read(bytes.Slice(0, FrameHeader.Size).ToArray());
        if (bytes.Length < FrameHeader.Size + header.Length)
        {
            return false;
        }

        frame = (header, bytes.Slice(FrameHeader.Size, header.Length).ToArray());
        return true;
    }
}
