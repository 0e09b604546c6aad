using System.Buffers.Binary;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>The nine bytes before every payload (RFC 9113 §4.1).</summary>
/// <param name="Length">Payload bytes, 0 to 2^24-1.</param>
/// <param name="Type">May be a type that we do not know.</param>
/// <param name="Flags">As received.</param>
/// <param name="StreamId">0 to 2^31-1; the reserved bit is ignored when read and 0 when written.</param>
internal readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int StreamId)
{
    public const int Size = 9;
    public const int MaxLength = (1 << 24) - 1;

    public bool Has(FrameFlags flag) => (Flags & flag) != 0;

    /// <summary>Reads the first nine bytes.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> source) => new(
        (source[0] << 16) | (source[1] << 8) | source[2],
        (FrameType)source[3],
        (FrameFlags)source[4],
        (int)(BinaryPrimitives.ReadUInt32BigEndian(source[5..]) & 0x7fff_ffff));

    public void Write(Span<byte> destination)
    {
        destination[8] = 0;
        destination[0] = (byte)(Length >> 16);
        destination[1] = (byte)(Length >> 8);
        destination[2] = (byte)Length;
        destination[3] = (byte)Type;
        destination[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], StreamId & 0x7fff_ffff);
    }
}
