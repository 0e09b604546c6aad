using System.Buffers;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2;

/// <summary>Acts on each frame of a connection, in the order of RFC 9113 §6. Used by the reading thread only.</summary>
internal sealed class FrameDispatcher : IFrameSink
{
    private readonly Http2Connection _connection;
    private readonly FrameReader _frames;
    private readonly HpackDecoder _hpack = new();
    private readonly HeaderBlock _block;
    private readonly HeaderList _headers;
    private Http2Stream? _dataStream;
    private FrameHeader _data;
    private int _dataBytes;
    private volatile bool _settingsCame;
    private volatile bool _settingsAcked;

    public FrameDispatcher(Http2Connection connection)
    {
        _connection = connection;
        int maxBlock = connection.Limits.MaxHeaderListSize;
        _frames = new FrameReader(this, connection.Limits.MaxFrameSize, maxBlock + 512);
        _block = new HeaderBlock(connection.Time, maxBlock, connection.Limits.MaxContinuations);
        _headers = new HeaderList(maxBlock, connection.Limits.MaxHeaderCount);
    }

    /// <summary>The peer's SETTINGS came and it has acknowledged ours.</summary>
    public bool HandshakeDone => _settingsCame && _settingsAcked;

    public long HeadersPendingSince => _block.PendingSince;

    public void Process(ref ReadOnlySequence<byte> bytes)
    {
        if (_connection.TakePreface(ref bytes))
        {
            _frames.Process(ref bytes);
        }
    }

    public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        CheckOrder(header);
        switch (header.Type)
        {
            case FrameType.Headers:
                OnHeaders(header, payload);
                break;
            case FrameType.Continuation:
                OnContinuation(header, payload);
                break;
            case FrameType.RstStream:
                OnRstStream(RstStreamFrame.Read(header, payload));
                break;
            case FrameType.Settings:
                OnSettings(header, payload);
                break;
            case FrameType.Ping:
                OnPing(PingFrame.Read(header, payload));
                break;
            case FrameType.GoAway:
                _connection.Guard.Useless();
                _connection.OnGoAway(GoAwayFrame.Read(header, payload));
                break;
            case FrameType.WindowUpdate:
                OnWindowUpdate(WindowUpdateFrame.Read(header, payload));
                break;
            case FrameType.Priority:
                OnPriority(header);
                break;
            case FrameType.PushPromise:
                throw new Http2ConnectionException(ErrorCode.ProtocolError, "PUSH_PROMISE was never allowed");
            case FrameType.Data:
            default:
                throw new InvalidOperationException("the frame reader hands these on otherwise");
        }
    }

    public void OnUnknown(in FrameHeader header)
    {
        CheckOrder(header);
        _connection.Guard.Useless();
    }

    public void OnDataBegin(in FrameHeader header)
    {
        CheckOrder(header);
        if (header.StreamId == 0 || _connection.IsIdle(header.StreamId))
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "DATA on a stream that does not exist");
        }

        if (!_connection.TakeWindow(header.Length))
        {
            throw new Http2ConnectionException(ErrorCode.FlowControlError, "DATA beyond the connection's window");
        }

        _data = header;
        _dataBytes = 0;
        _dataStream = Receiver(header);
    }

    public void OnDataBytes(ReadOnlySpan<byte> bytes)
    {
        _dataBytes += bytes.Length;
        if (_dataStream is not null && _dataStream.Reader.Append(bytes))
        {
            _connection.MarkDirty(_dataStream);
        }
        else
        {
            _connection.ReleaseWindow(bytes.Length);
        }
    }

    public void OnDataEnd(int padding)
    {
        _connection.ReleaseWindow(padding);
        _dataStream?.ReleasePadding(padding);
        bool end = _data.Has(FrameFlags.EndStream);
        if (_dataBytes == 0 && !end)
        {
            _connection.Guard.EmptyData();
        }

        if (end && _dataStream is not null)
        {
            _dataStream.OnRemoteEnd();
            _connection.MarkDirty(_dataStream);
        }

        _dataStream = null;
    }

    // Null when the bytes are to be dropped.
    private Http2Stream? Receiver(in FrameHeader header)
    {
        Http2Stream? stream = _connection.Streams.Find(header.StreamId);
        if (stream is null)
        {
            Gone(header.StreamId, "DATA");
            return null;
        }

        if (stream.HasRemoteEnded)
        {
            Fault(stream, ErrorCode.StreamClosed);
            return null;
        }

        if (!stream.TakeWindow(header.Length))
        {
            Fault(stream, ErrorCode.FlowControlError);
            return null;
        }

        if (!_connection.MayReceive(stream))
        {
            Fault(stream, ErrorCode.ProtocolError);
            return null;
        }

        return stream;
    }

    private void OnHeaders(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> fragment = HeadersFrame.Fragment(header, payload);
        bool endStream = header.Has(FrameFlags.EndStream);
        if (header.Has(FrameFlags.EndHeaders))
        {
            if (fragment.Length > _connection.Limits.MaxHeaderListSize)
            {
                throw new Http2ConnectionException(ErrorCode.EnhanceYourCalm, "header block above the limit");
            }

            Decode(header.StreamId, fragment, endStream);
        }
        else
        {
            _block.Begin(header.StreamId, endStream, fragment);
        }
    }

    private void OnContinuation(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        _block.Continue(header, payload);
        if (header.Has(FrameFlags.EndHeaders))
        {
            Decode(_block.StreamId, _block.Bytes, _block.EndStream);
            _block.Clear();
        }
    }

    private void Decode(int streamId, ReadOnlySpan<byte> block, bool endStream)
    {
        _headers.Clear();
        _hpack.Decode(block, _headers);
        _connection.OnHeaders(streamId, _headers, endStream);
    }

    private void OnRstStream(RstStreamFrame frame)
    {
        if (_connection.IsIdle(frame.StreamId))
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "RST_STREAM on an idle stream");
        }

        if (_connection.Streams.Find(frame.StreamId) is not { } stream)
        {
            _connection.Guard.Late();
            return;
        }

        _connection.OnPeerReset(stream);
        stream.OnPeerReset(frame.Code);
    }

    private void OnSettings(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        SettingsFrame.Check(header);
        _connection.Guard.Settings();
        if (header.Has(FrameFlags.Ack))
        {
            _settingsAcked = true;
            return;
        }

        _connection.Peer.Apply(payload);
        if (!_connection.Output.Apply(_connection.Peer, _connection.Streams))
        {
            throw new Http2ConnectionException(ErrorCode.FlowControlError, "INITIAL_WINDOW_SIZE makes a window too large");
        }

        _settingsCame = true;
        _connection.OnSettings();
    }

    private void OnPing(PingFrame frame)
    {
        _connection.Guard.Ping();
        if (frame.Ack)
        {
            _connection.KeepAlive.OnPong();
            _connection.OnPong(frame.Opaque);
        }
        else
        {
            _connection.Output.Ping(frame.Opaque, ack: true);
        }
    }

    private void OnWindowUpdate(WindowUpdateFrame frame)
    {
        _connection.Guard.WindowUpdate();
        if (frame.StreamId == 0)
        {
            if (frame.Increment == 0)
            {
                throw new Http2ConnectionException(ErrorCode.ProtocolError, "WINDOW_UPDATE of 0");
            }

            if (!_connection.Output.GrantConnection(frame.Increment))
            {
                throw new Http2ConnectionException(ErrorCode.FlowControlError, "the connection's window is too large");
            }

            return;
        }

        if (_connection.IsIdle(frame.StreamId))
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "WINDOW_UPDATE on an idle stream");
        }

        if (_connection.Streams.Find(frame.StreamId) is not { } stream)
        {
            _connection.Guard.Late();
        }
        else if (frame.Increment == 0)
        {
            Fault(stream, ErrorCode.ProtocolError);
        }
        else if (!_connection.Output.Grant(stream.Writer, frame.Increment))
        {
            Fault(stream, ErrorCode.FlowControlError);
        }
    }

    private void OnPriority(in FrameHeader header)
    {
        if (header.StreamId == 0)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "PRIORITY on stream 0");
        }

        if (header.Length != 5)
        {
            throw new Http2ConnectionException(ErrorCode.FrameSizeError, "PRIORITY is not 5 bytes");
        }

        _connection.Guard.Useless();
    }

    private void CheckOrder(in FrameHeader header)
    {
        if (!_settingsCame && header.Type != FrameType.Settings)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "the first frame is not SETTINGS");
        }

        if (_block.StreamId != 0 && header.Type != FrameType.Continuation)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "a header block was interrupted");
        }
    }

    // A stream that has ended: frames may still be on their way when it was we who reset it, otherwise the peer is wrong (RFC 9113 §5.1).
    private void Gone(int streamId, string what)
    {
        if (!_connection.Streams.WasReset(streamId))
        {
            throw new Http2ConnectionException(ErrorCode.StreamClosed, what + " on a stream that has ended");
        }
    }

    private void Fault(Http2Stream stream, ErrorCode code)
    {
        _connection.Guard.Fault();
        stream.Reset(code);
    }
}
