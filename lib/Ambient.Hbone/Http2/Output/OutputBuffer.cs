using System.Buffers;

namespace Ambient.Hbone.Http2.Output;

/// <summary>Frames in a row that become one write. Owns its array, which is rented; guarded by the lock of <see cref="ConnectionOutput"/>.</summary>
internal sealed class OutputBuffer
{
    private const int Smallest = 4096;

    // Above this an empty buffer goes back to the pool, so that quiet connections hold little.
    private const int Kept = 4096;

    private byte[] _array = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>Room for so many bytes at the end; counts as written at once.</summary>
    public Span<byte> Append(int bytes)
    {
        int needed = Length + bytes;
        if (needed > _array.Length)
        {
            Grow(needed);
        }

        Span<byte> room = _array.AsSpan(Length, bytes);
        Length = needed;
        return room;
    }

    public void Clear() => Length = 0;

    public void Release()
    {
        Length = 0;
        if (_array.Length > Kept)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
        }
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, Math.Max(needed, _array.Length * 4)));
        _array.AsSpan(0, Length).CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
