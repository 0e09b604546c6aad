using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2;

/// <summary>
/// The graceful end of a server's connection (RFC 9113 §6.8): GOAWAY with the highest number, PING; when its answer has come (or two seconds
/// have passed) every stream that the peer opened before it knew is known, and GOAWAY names the last one. Ends with the last stream.
/// </summary>
internal sealed class ServerDrain
{
    private const long PingOpaque = 0x416d_6269_656e_7421;
    private static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly ServerConnection _connection;
    private long _begun;
    private State _state;
    private int _lastAccepted = int.MaxValue;

    public ServerDrain(ServerConnection connection)
    {
        _connection = connection;
    }

    private enum State
    {
        Serving,
        Announced,
        Final,
    }

    public void Begin()
    {
        lock (_gate)
        {
            if (_state != State.Serving)
            {
                return;
            }

            _state = State.Announced;
            _begun = _connection.Time.GetTimestamp();
        }

        _connection.Output.GoAway(int.MaxValue, ErrorCode.NoError);
        _connection.Output.Ping(PingOpaque, ack: false);
    }

    public bool MayOpen(int streamId)
    {
        lock (_gate)
        {
            return streamId <= _lastAccepted;
        }
    }

    public void OnPong(long opaque)
    {
        if (opaque == PingOpaque)
        {
            Finish();
        }
    }

    public void OnTick()
    {
        if (_state == State.Announced && _connection.Time.GetElapsedTime(_begun) >= PongTimeout)
        {
            Finish();
        }
    }

    public void OnStreamGone()
    {
        if (_state == State.Final && _connection.Streams.Count == 0)
        {
            _connection.Stop();
        }
    }

    private void Finish()
    {
        lock (_gate)
        {
            if (_state != State.Announced)
            {
                return;
            }

            _state = State.Final;
            _lastAccepted = _connection.LastStream;
        }

        _connection.Output.GoAway(_lastAccepted, ErrorCode.NoError);
        OnStreamGone();
    }
}
