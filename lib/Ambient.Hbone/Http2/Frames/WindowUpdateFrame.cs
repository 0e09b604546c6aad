using System.Buffers.Binary;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>RFC 9113 §6.9. An increment of 0 is a fault of the stream, or of the connection on stream 0: the reader decides.</summary>
internal readonly record struct WindowUpdateFrame(int StreamId, int Increment) : IControlFrame
{
    public const int Size = FrameHeader.Size + 4;

    public static int Length => Size;

    public static WindowUpdateFrame Read(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 4)
        {
            throw new Http2ConnectionException(ErrorCode.FrameSizeError, "WINDOW_UPDATE is not 4 bytes");
        }

        return new WindowUpdateFrame(header.StreamId, BinaryPrimitives.ReadInt32BigEndian(payload) & 0x7fff_ffff);
    }

    public int Write(Span<byte> destination)
    {
        new FrameHeader(4, FrameType.WindowUpdate, FrameFlags.None, StreamId).Write(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[FrameHeader.Size..], Increment);
        return Size;
    }
}
