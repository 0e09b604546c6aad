using System.Buffers.Binary;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>RFC 9113 §6.8. Debug data is read over and never sent.</summary>
internal readonly record struct GoAwayFrame(int LastStreamId, ErrorCode Code) : IControlFrame
{
    public const int Size = FrameHeader.Size + 8;

    public static int Length => Size;

    public static GoAwayFrame Read(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId != 0)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "GOAWAY on a stream");
        }

        if (payload.Length < 8)
        {
            throw new Http2ConnectionException(ErrorCode.FrameSizeError, "GOAWAY is shorter than 8 bytes");
        }

        return new GoAwayFrame(
            BinaryPrimitives.ReadInt32BigEndian(payload) & 0x7fff_ffff, (ErrorCode)BinaryPrimitives.ReadInt32BigEndian(payload[4..]));
    }

    public int Write(Span<byte> destination)
    {
        new FrameHeader(8, FrameType.GoAway, FrameFlags.None, 0).Write(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[FrameHeader.Size..], LastStreamId);
        BinaryPrimitives.WriteInt32BigEndian(destination[(FrameHeader.Size + 4)..], (int)Code);
        return Size;
    }
}
