using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Output;

/// <summary>Streams that wait for room or for the connection's window, first come first served. Intrusive: nothing is allocated.</summary>
internal struct StreamQueue
{
    private StreamOutput? _head;
    private StreamOutput? _tail;

    public readonly StreamOutput? Head => _head;

    public void Enqueue(StreamOutput stream)
    {
        stream.Queued = true;
        stream.NextQueued = null;
        if (_tail is null)
        {
            _head = stream;
        }
        else
        {
            _tail.NextQueued = stream;
        }

        _tail = stream;
    }

    public StreamOutput Dequeue()
    {
        StreamOutput first = _head!;
        _head = first.NextQueued;
        if (_head is null)
        {
            _tail = null;
        }

        first.NextQueued = null;
        first.Queued = false;
        return first;
    }

    public void Remove(StreamOutput stream)
    {
        if (!stream.Queued)
        {
            return;
        }

        StreamOutput? previous = null;
        for (StreamOutput? at = _head; at is not null; previous = at, at = at.NextQueued)
        {
            if (at == stream)
            {
                Unlink(previous, at);
                return;
            }
        }
    }

    private void Unlink(StreamOutput? previous, StreamOutput at)
    {
        if (previous is null)
        {
            _head = at.NextQueued;
        }
        else
        {
            previous.NextQueued = at.NextQueued;
        }

        if (_tail == at)
        {
            _tail = previous;
        }

        at.NextQueued = null;
        at.Queued = false;
    }
}
