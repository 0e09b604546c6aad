using System.Buffers.Binary;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>RFC 9113 §6.5: pairs of a 16-bit identifier and a 32-bit value.</summary>
internal static class SettingsFrame
{
    public const int EntrySize = 6;

    /// <summary>A peer that sends more entries than this in one frame only wants to keep us busy.</summary>
    public const int MaxEntries = 64;

    public static void Check(in FrameHeader header)
    {
        if (header.StreamId != 0)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "SETTINGS on a stream");
        }

        if (header.Has(FrameFlags.Ack) ? header.Length != 0 : header.Length % EntrySize != 0)
        {
            throw new Http2ConnectionException(ErrorCode.FrameSizeError, "SETTINGS of a wrong length");
        }

        if (header.Length > MaxEntries * EntrySize)
        {
            throw new Http2ConnectionException(ErrorCode.EnhanceYourCalm, "SETTINGS with too many entries");
        }
    }

    public static (SettingId Id, uint Value) Entry(ReadOnlySpan<byte> payload, int index) => (
        (SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload[(index * EntrySize)..]),
        BinaryPrimitives.ReadUInt32BigEndian(payload[(index * EntrySize + 2)..]));

    /// <summary>Returns the bytes written.</summary>
    public static int Write(Span<byte> destination, ReadOnlySpan<(SettingId Id, uint Value)> entries)
    {
        new FrameHeader(entries.Length * EntrySize, FrameType.Settings, FrameFlags.None, 0).Write(destination);
        Span<byte> rest = destination[FrameHeader.Size..];
        foreach ((SettingId id, uint value) in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)id);
            BinaryPrimitives.WriteUInt32BigEndian(rest[2..], value);
            rest = rest[EntrySize..];
        }

        return FrameHeader.Size + entries.Length * EntrySize;
    }

    public static int WriteAck(Span<byte> destination)
    {
        new FrameHeader(0, FrameType.Settings, FrameFlags.Ack, 0).Write(destination);
        return FrameHeader.Size;
    }
}
