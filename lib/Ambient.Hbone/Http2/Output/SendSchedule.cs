using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Output;

/// <summary>
/// Whose data goes next: at once while nobody waits, otherwise by turns. A stream without a window of its own does not queue, so it
/// holds up nobody. Guarded by the lock of <see cref="ConnectionOutput"/>.
/// </summary>
internal sealed class SendSchedule
{
    // Less room than this counts as none: a turn that cannot even place a header would be given again and again.
    private const int LeastRoom = 1024;

    public const int LeastBuffer = 4 * LeastRoom;

    // One stream's turn while others wait.
    private const int Quantum = 64 * 1024;

    private readonly int _sendBuffer;
    private StreamQueue _blocked;

    public SendSchedule(int sendBuffer)
    {
        _sendBuffer = sendBuffer;
    }

    public DataFramer Framer { get; } = new();

    public void Remove(StreamOutput stream) => _blocked.Remove(stream);

    /// <summary>New data of a stream; an end without data needs no turn.</summary>
    public void Begin(OutputBuffer pending, StreamOutput stream)
    {
        if (_blocked.Head is null || stream.Remaining.IsEmpty)
        {
            Framer.Fill(pending, stream, _sendBuffer - pending.Length);
        }
    }

    public void Park(StreamOutput stream)
    {
        if (!stream.Queued && (stream.Window > 0 || stream.Remaining.IsEmpty))
        {
            _blocked.Enqueue(stream);
        }
    }

    /// <summary>False when the window would pass 2^31-1.</summary>
    public bool Widen(StreamOutput stream, int increment)
    {
        if (stream.Window + increment > int.MaxValue)
        {
            return false;
        }

        stream.Window += increment;
        if (!stream.AllSent)
        {
            Park(stream);
        }

        return true;
    }

    /// <summary>Gives the waiting streams their turns; returns those that are done, linked, to be resumed outside the lock.</summary>
    public StreamOutput? Service(OutputBuffer pending)
    {
        StreamOutput? done = null;
        while (_blocked.Head is { } head && pending.Length + LeastRoom <= _sendBuffer
            && (Framer.ConnectionWindow > 0 || head.Remaining.IsEmpty))
        {
            StreamOutput stream = _blocked.Dequeue();
            Framer.Fill(pending, stream, Math.Min(Quantum, _sendBuffer - pending.Length));
            if (stream.AllSent)
            {
                stream.NextDone = done;
                done = stream;
            }
            else
            {
                Park(stream);
            }
        }

        return done;
    }
}
