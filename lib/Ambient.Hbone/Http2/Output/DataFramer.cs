using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Output;

/// <summary>Cuts a stream's data into DATA frames as windows, frame size and room allow. Guarded by the lock of <see cref="ConnectionOutput"/>.</summary>
internal sealed class DataFramer
{
    // A TLS record carries 16,384 bytes. Frames that end where records end cost the peer no half record: with a peer of small frames
    // one frame is one record, header included; with one of large frames four records are one frame.
    private const int Record = 16 * 1024;
    private const int LargeFrame = 4 * Record - FrameHeader.Size;

    private int _payload = Record - FrameHeader.Size;
    private int _maxFrame = PeerSettings.DefaultFrameSize;

    /// <summary>What the peer still takes on the whole connection.</summary>
    public long ConnectionWindow { get; set; } = PeerSettings.DefaultWindow;

    /// <summary>The peer's SETTINGS_MAX_FRAME_SIZE.</summary>
    public int MaxFrame
    {
        get => _maxFrame;
        set
        {
            _maxFrame = value;
            _payload = value >= LargeFrame ? LargeFrame : Record - FrameHeader.Size;
        }
    }

    /// <summary>Appends at most <paramref name="room"/> bytes, and END_STREAM when it was asked for and the data is out.</summary>
    public void Fill(OutputBuffer buffer, StreamOutput stream, int room)
    {
        while (!stream.Remaining.IsEmpty)
        {
            long n = Math.Min(Math.Min(stream.Remaining.Length, _payload), Math.Min(stream.Window, ConnectionWindow));
            n = Math.Min(n, room - FrameHeader.Size);
            if (n <= 0)
            {
                return;
            }

            Append(buffer, stream, (int)n);
            room -= FrameHeader.Size + (int)n;
        }

        if (stream.EndRequested && !stream.EndSent && room >= FrameHeader.Size)
        {
            stream.EndSent = true;
            new FrameHeader(0, FrameType.Data, FrameFlags.EndStream, stream.StreamId).Write(buffer.Append(FrameHeader.Size));
        }
    }

    private void Append(OutputBuffer buffer, StreamOutput stream, int length)
    {
        bool last = length == stream.Remaining.Length && stream.EndRequested;
        Span<byte> room = buffer.Append(FrameHeader.Size + length);
        new FrameHeader(length, FrameType.Data, last ? FrameFlags.EndStream : FrameFlags.None, stream.StreamId).Write(room);
        stream.Remaining.Span[..length].CopyTo(room[FrameHeader.Size..]);
        stream.Remaining = stream.Remaining[length..];
        stream.Window -= length;
        stream.Progress++;
        ConnectionWindow -= length;
        stream.EndSent |= last;
    }
}
