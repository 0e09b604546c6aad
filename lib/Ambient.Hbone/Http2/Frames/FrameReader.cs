using System.Buffers;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>
/// Cuts bytes into frames. DATA is handed on as it comes, so that a frame of a megabyte needs no buffer of a megabyte;
/// every other frame is handed on whole and is therefore bounded by <c>maxControlFrame</c>.
/// Used by one thread at a time.
/// </summary>
internal sealed class FrameReader
{
    private readonly IFrameSink _sink;
    private readonly int _maxFrame;
    private readonly int _maxControlFrame;
    private State _state;
    private FrameHeader _header;
    private int _remaining;
    private int _padding;

    public FrameReader(IFrameSink sink, int maxFrame, int maxControlFrame)
    {
        _sink = sink;
        _maxFrame = maxFrame;
        _maxControlFrame = maxControlFrame;
    }

    private enum State
    {
        Header,
        Control,
        DataPadLength,
        Data,
        Skip,
    }

    /// <summary>True between frames: an end of the bytes here cuts nothing in two.</summary>
    public bool AtBoundary => _state == State.Header;

    /// <summary>Takes as much as it can use; what stays in <paramref name="bytes"/> is the beginning of something that is not complete.</summary>
    public void Process(ref ReadOnlySequence<byte> bytes)
    {
        while (Step(ref bytes))
        {
        }
    }

    private bool Step(ref ReadOnlySequence<byte> bytes) => _state switch
    {
        State.Header => TryHeader(ref bytes),
        State.Control => TryControl(ref bytes),
        State.DataPadLength => TryPadLength(ref bytes),
        State.Data => TryData(ref bytes),
        State.Skip => TrySkip(ref bytes),
        _ => throw new InvalidOperationException("no such state"),
    };

    private bool TryHeader(ref ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length < FrameHeader.Size)
        {
            return false;
        }

        if (bytes.FirstSpan.Length >= FrameHeader.Size)
        {
            _header = FrameHeader.Read(bytes.FirstSpan);
        }
        else
        {
            Span<byte> copy = stackalloc byte[FrameHeader.Size];
            bytes.Slice(0, FrameHeader.Size).CopyTo(copy);
            _header = FrameHeader.Read(copy);
        }

        bytes = bytes.Slice(FrameHeader.Size);
        Begin();
        return true;
    }

    private void Begin()
    {
        if (_header.Length > _maxFrame)
        {
            throw new Http2ConnectionException(ErrorCode.FrameSizeError, "frame longer than announced");
        }

        _remaining = _header.Length;
        _padding = 0;
        if (_header.Type == FrameType.Data)
        {
            bool padded = _header.Has(FrameFlags.Padded);
            if (padded && _header.Length == 0)
            {
                throw new Http2ConnectionException(ErrorCode.FrameSizeError, "DATA without the padding length");
            }

            _sink.OnDataBegin(_header);
            _state = padded ? State.DataPadLength : State.Data;
        }
        else if (_header.Type > FrameType.Continuation)
        {
            _sink.OnUnknown(_header);
            _state = State.Skip;
        }
        else if (_header.Length > _maxControlFrame)
        {
            throw new Http2ConnectionException(ErrorCode.EnhanceYourCalm, "frame longer than anything we need");
        }
        else
        {
            _state = State.Control;
        }
    }

    private bool TryControl(ref ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length < _remaining)
        {
            return false;
        }

        ReadOnlySequence<byte> payload = bytes.Slice(0, _remaining);
        bytes = bytes.Slice(_remaining);
        _state = State.Header;
        if (payload.IsSingleSegment)
        {
            _sink.OnFrame(_header, payload.FirstSpan);
            return true;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(_remaining);
        try
        {
            payload.CopyTo(copy);
            _sink.OnFrame(_header, copy.AsSpan(0, _remaining));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        return true;
    }

    private bool TryPadLength(ref ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return false;
        }

        int length = bytes.FirstSpan[0];
        bytes = bytes.Slice(1);
        _remaining -= 1 + length;
        _padding = length;
        if (_remaining < 0)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "DATA with more padding than payload");
        }

        _state = State.Data;
        return true;
    }

    private bool TryData(ref ReadOnlySequence<byte> bytes)
    {
        while (_remaining > 0)
        {
            if (bytes.IsEmpty)
            {
                return false;
            }

            ReadOnlySpan<byte> piece = bytes.FirstSpan;
            piece = piece[..Math.Min(piece.Length, _remaining)];
            _remaining -= piece.Length;
            if (!piece.IsEmpty)
            {
                _sink.OnDataBytes(piece);
            }

            bytes = bytes.Slice(piece.Length);
        }

        _remaining = _padding;
        _state = State.Skip;
        return true;
    }

    private bool TrySkip(ref ReadOnlySequence<byte> bytes)
    {
        int skipped = (int)Math.Min(bytes.Length, _remaining);
        bytes = bytes.Slice(skipped);
        _remaining -= skipped;
        if (_remaining > 0)
        {
            return false;
        }

        _state = State.Header;
        if (_header.Type == FrameType.Data)
        {
            _sink.OnDataEnd(_header.Has(FrameFlags.Padded) ? _padding + 1 : 0);
        }

        return true;
    }
}
