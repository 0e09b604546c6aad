using System.IO.Pipelines;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Http2.Output;

/// <summary>
/// The bytes that a connection has still to send, and the one who sends them. What is pending may be appended to by whoever holds
/// <see cref="Gate"/>; whoever finds no write under way becomes the writer and goes on until nothing is pending (so frames that come meanwhile
/// share the next write). No lock is held over a write.
/// </summary>
internal sealed class OutputWriter
{
    // A full TLS record: waiting for more would gain nothing.
    private const int WorthWriting = 16 * 1024;

    private static readonly Action<object> OnTurnEnd = static writer => ((OutputWriter)writer).EndTurn();

    private readonly PipeWriter _transport;
    private readonly Action _written;
    private readonly TaskCompletionSource _drained = new();
    private OutputBuffer _inFlight = new();
    private int _pendingLength;
    private int _corked;
    private bool _writing;
    private bool _turnAsked;

    /// <param name="transport">Written to by one thread at a time.</param>
    /// <param name="written">Called after each write, without the lock: there is room again.</param>
    public OutputWriter(PipeWriter transport, Action written)
    {
        _transport = transport;
        _written = written;
    }

    /// <summary>The writer failed: the connection is lost.</summary>
    public Action<Exception>? Failed { get; init; }

    /// <summary>Knows when a turn of its loop ends: small frames wait until then, so that what many streams say in one turn is one write.</summary>
    public MeshConnection? Turns { get; init; }

    public Lock Gate { get; } = new();

    /// <summary>Under <see cref="Gate"/>; after a change <see cref="Note"/>.</summary>
    public OutputBuffer Pending { get; private set; } = new();

    /// <summary>Under <see cref="Gate"/>. Nothing is taken any longer.</summary>
    public bool Closed { get; private set; }

    /// <summary>Bytes pending, as last noted; from any thread.</summary>
    public int PendingLength => Volatile.Read(ref _pendingLength);

    /// <summary>Under <see cref="Gate"/>: room for so many bytes.</summary>
    public Span<byte> Append(int bytes)
    {
        Span<byte> room = Pending.Append(bytes);
        Note();
        return room;
    }

    /// <summary>Under <see cref="Gate"/>: <see cref="Pending"/> has changed.</summary>
    public void Note() => _pendingLength = Pending.Length;

    public void Cork()
    {
        lock (Gate)
        {
            _corked++;
        }
    }

    public void Uncork()
    {
        lock (Gate)
        {
            _corked--;
        }

        Kick();
    }

    /// <summary>Nothing is taken any longer; completes when all that is pending is out or the writer has failed.</summary>
    public Task CloseAsync()
    {
        lock (Gate)
        {
            Closed = true;
            _corked = 0;
            if (!_writing && Pending.Length == 0)
            {
                _drained.TrySetResult();
            }
        }

        Kick();
        return _drained.Task;
    }

    /// <summary>Something may be pending: begins to write, or leaves it to who writes or to the end of the turn.</summary>
    public void Kick()
    {
        lock (Gate)
        {
            if (_writing || _corked > 0 || Pending.Length == 0 || (Pending.Length < WorthWriting && WaitsForTurnEnd()))
            {
                return;
            }

            _writing = true;
        }

        _ = WriteAsync();
    }

    private bool WaitsForTurnEnd() => _turnAsked || (_turnAsked = !Closed && Turns is not null && Turns.TryAtTurnEnd(OnTurnEnd, this));

    private void EndTurn()
    {
        lock (Gate)
        {
            _turnAsked = false;
            if (_writing || _corked > 0 || Pending.Length == 0)
            {
                return;
            }

            _writing = true;
        }

        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TakePending())
            {
                await _transport.WriteAsync(_inFlight.Written).ConfigureAwait(false);
                lock (Gate)
                {
                    _inFlight.Clear();
                }

                _written();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // _writing stays true: nobody writes to a transport that has failed.
            lock (Gate)
            {
                Closed = true;
                _drained.TrySetResult();
            }

            Failed?.Invoke(e);
        }
    }

    private bool TakePending()
    {
        lock (Gate)
        {
            if (Pending.Length > 0 && _corked == 0)
            {
                (Pending, _inFlight) = (_inFlight, Pending);
                _pendingLength = 0;
                return true;
            }

            _writing = false;
            if (Pending.Length == 0)
            {
                Pending.Release();
                if (Closed)
                {
                    _drained.TrySetResult();
                }
            }

            _inFlight.Release();
            return false;
        }
    }
}
