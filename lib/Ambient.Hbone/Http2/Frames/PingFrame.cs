using System.Buffers.Binary;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>RFC 9113 §6.7.</summary>
internal readonly record struct PingFrame(long Opaque, bool Ack) : IControlFrame
{
    public const int Size = FrameHeader.Size + 8;

    public static int Length => Size;

    public static PingFrame Read(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId != 0)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "PING on a stream");
        }

        if (payload.Length != 8)
        {
            throw new Http2ConnectionException(ErrorCode.FrameSizeError, "PING is not 8 bytes");
        }

        return new PingFrame(BinaryPrimitives.ReadInt64BigEndian(payload), header.Has(FrameFlags.Ack));
    }

    public int Write(Span<byte> destination)
    {
        new FrameHeader(8, FrameType.Ping, Ack ? FrameFlags.Ack : FrameFlags.None, 0).Write(destination);
        BinaryPrimitives.WriteInt64BigEndian(destination[FrameHeader.Size..], Opaque);
        return Size;
    }
}
