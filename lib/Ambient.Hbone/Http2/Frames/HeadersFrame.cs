using Ambient.Hbone.Http2.Output;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>RFC 9113 §6.2: the block fragment is what stays after padding and the obsolete priority fields.</summary>
internal static class HeadersFrame
{
    private const int PriorityLength = 5;

    public static ReadOnlySpan<byte> Fragment(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "HEADERS on stream 0");
        }

        int padding = 0;
        if (header.Has(FrameFlags.Padded))
        {
            if (payload.IsEmpty)
            {
                throw new Http2ConnectionException(ErrorCode.FrameSizeError, "HEADERS without the padding length");
            }

            padding = payload[0];
            payload = payload[1..];
        }

        if (header.Has(FrameFlags.Priority))
        {
            if (payload.Length < PriorityLength)
            {
                throw new Http2ConnectionException(ErrorCode.FrameSizeError, "HEADERS without the priority fields");
            }

            payload = payload[PriorityLength..];
        }

        return padding <= payload.Length
            ? payload[..^padding]
            : throw new Http2ConnectionException(ErrorCode.ProtocolError, "HEADERS with more padding than payload");
    }

    /// <summary>HEADERS and as many CONTINUATIONs as a peer that takes frames of <paramref name="maxFrame"/> bytes needs.</summary>
    public static void Append(OutputBuffer buffer, int streamId, ReadOnlySpan<byte> block, bool endStream, int maxFrame)
    {
        FrameType type = FrameType.Headers;
        FrameFlags flags = endStream ? FrameFlags.EndStream : FrameFlags.None;
        do
        {
            ReadOnlySpan<byte> piece = block[..Math.Min(block.Length, maxFrame)];
            block = block[piece.Length..];
            Span<byte> room = buffer.Append(FrameHeader.Size + piece.Length);
            new FrameHeader(piece.Length, type, block.IsEmpty ? flags | FrameFlags.EndHeaders : flags, streamId).Write(room);
            piece.CopyTo(room[FrameHeader.Size..]);
            type = FrameType.Continuation;
            flags = FrameFlags.None;
        }
        while (!block.IsEmpty);
    }
}
