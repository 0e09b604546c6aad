using System.Buffers;
using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// Puts HEADERS and its CONTINUATIONs together (RFC 9113 §4.3), bounded in frames, bytes and time. Used by the reading thread;
/// <see cref="PendingSince"/> is read by the timer.
/// </summary>
internal sealed class HeaderBlock
{
    private readonly TimeProvider _time;
    private readonly int _maxBytes;
    private readonly int _maxContinuations;
    private byte[] _buffer = [];
    private int _length;
    private int _continuations;
    private long _pendingSince;

    public HeaderBlock(TimeProvider time, int maxBytes, int maxContinuations)
    {
        _time = time;
        _maxBytes = maxBytes;
        _maxContinuations = maxContinuations;
    }

    /// <summary>0 when no block is under way.</summary>
    public int StreamId { get; private set; }

    public bool EndStream { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>A timestamp, or 0 when no block is under way.</summary>
    public long PendingSince => Volatile.Read(ref _pendingSince);

    public void Begin(int streamId, bool endStream, ReadOnlySpan<byte> fragment)
    {
        StreamId = streamId;
        EndStream = endStream;
        _continuations = 0;
        _length = 0;
        Volatile.Write(ref _pendingSince, Math.Max(1, _time.GetTimestamp()));
        Append(fragment);
    }

    public void Continue(in FrameHeader header, ReadOnlySpan<byte> fragment)
    {
        if (StreamId == 0 || header.StreamId != StreamId)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "CONTINUATION out of place");
        }

        if (++_continuations > _maxContinuations)
        {
            throw new Http2ConnectionException(ErrorCode.EnhanceYourCalm, "too many CONTINUATION frames");
        }

        Append(fragment);
    }

    public void Clear()
    {
        StreamId = 0;
        _length = 0;
        Volatile.Write(ref _pendingSince, 0);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Append(ReadOnlySpan<byte> fragment)
    {
        if (_length + fragment.Length > _maxBytes)
        {
            throw new Http2ConnectionException(ErrorCode.EnhanceYourCalm, "header block above the limit");
        }

        if (_length + fragment.Length > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(1024, _length + fragment.Length));
            Bytes.CopyTo(larger);
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }

            _buffer = larger;
        }

        fragment.CopyTo(_buffer.AsSpan(_length));
        _length += fragment.Length;
    }
}
