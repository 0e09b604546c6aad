using System.Buffers.Binary;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>RFC 9113 §6.4.</summary>
internal readonly record struct RstStreamFrame(int StreamId, ErrorCode Code) : IControlFrame
{
    public const int Size = FrameHeader.Size + 4;

    public static int Length => Size;

    public static RstStreamFrame Read(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "RST_STREAM on stream 0");
        }

        if (payload.Length != 4)
        {
            throw new Http2ConnectionException(ErrorCode.FrameSizeError, "RST_STREAM is not 4 bytes");
        }

        return new RstStreamFrame(header.StreamId, (ErrorCode)BinaryPrimitives.ReadInt32BigEndian(payload));
    }

    public int Write(Span<byte> destination)
    {
        new FrameHeader(4, FrameType.RstStream, FrameFlags.None, StreamId).Write(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[FrameHeader.Size..], (int)Code);
        return Size;
    }
}
