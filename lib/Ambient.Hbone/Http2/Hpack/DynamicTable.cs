namespace Ambient.Hbone.Http2.Hpack;

/// <summary>RFC 7541 §2.3.2 and §4: newest first, evicted from the oldest. Holds at most <c>maxSize / 32</c> fields.</summary>
internal sealed class DynamicTable
{
    private readonly HpackField[] _ring;
    private int _newest;
    private int _capacity;

    public DynamicTable(int maxSize)
    {
        MaxSize = maxSize;
        _capacity = maxSize;
        _ring = new HpackField[Math.Max(1, maxSize / HpackField.Overhead)];
    }

    /// <summary>What we announced; a peer may not go above it.</summary>
    public int MaxSize { get; }

    public int Count { get; private set; }

    /// <summary>Bytes as RFC 7541 §4.1 counts them.</summary>
    public int Size { get; private set; }

    /// <summary>0 is the newest.</summary>
    public HpackField this[int index] => _ring[(_newest - index + _ring.Length) % _ring.Length];

    public void Resize(int capacity)
    {
        _capacity = capacity;
        EvictTo(capacity);
    }

    public void Add(HpackField field)
    {
        // A field larger than the table empties it, which is no error (§4.4).
        EvictTo(_capacity - field.Size);
        if (field.Size > _capacity)
        {
            return;
        }

        _newest = (_newest + 1) % _ring.Length;
        _ring[_newest] = field;
        Size += field.Size;
        Count++;
    }

    private void EvictTo(int size)
    {
        while (Count > 0 && Size > size)
        {
            int oldest = (_newest - Count + 1 + _ring.Length) % _ring.Length;
            Size -= _ring[oldest].Size;
            _ring[oldest] = default;
            Count--;
        }
    }
}
