namespace Ambient.Hbone.Http2.Streams;

/// <summary>The open streams of a connection, and the numbers of those that we reset lately (frames for them may still be on their way).</summary>
internal sealed class StreamTable
{
    private const int Remembered = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Http2Stream> _streams = [];
    private readonly int[] _reset = new int[Remembered];
    private Http2Stream? _last;
    private int _nextReset;
    private int _count;

    /// <summary>Cheap and a little late; for balancing.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(Http2Stream stream)
    {
        lock (_gate)
        {
            _streams.Add(stream.Id, stream);
            _count = _streams.Count;
        }
    }

    public bool Remove(int id)
    {
        lock (_gate)
        {
            if (_last?.Id == id)
            {
                _last = null;
            }

            bool removed = _streams.Remove(id);
            _count = _streams.Count;
            return removed;
        }
    }

    public Http2Stream? Find(int id)
    {
        lock (_gate)
        {
            if (_last?.Id == id)
            {
                return _last;
            }

            return _streams.TryGetValue(id, out Http2Stream? stream) ? _last = stream : null;
        }
    }

    public void RememberReset(int id)
    {
        lock (_gate)
        {
            _reset[_nextReset++ % Remembered] = id;
        }
    }

    public bool WasReset(int id)
    {
        lock (_gate)
        {
            return _reset.AsSpan().Contains(id);
        }
    }

    /// <summary>False as soon as the function says so.</summary>
    public bool All<TOwner, TArgument>(TOwner owner, TArgument argument, Func<TOwner, TArgument, Http2Stream, bool> function)
    {
        lock (_gate)
        {
            foreach (Http2Stream stream in _streams.Values)
            {
                if (!function(owner, argument, stream))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public Http2Stream[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _streams.Values];
        }
    }
}
