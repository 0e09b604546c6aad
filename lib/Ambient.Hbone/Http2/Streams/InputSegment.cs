using System.Buffers;

namespace Ambient.Hbone.Http2.Streams;

/// <summary>A rented array with the bytes that came; owned by one <see cref="StreamInput"/> and guarded by its lock.</summary>
internal sealed class InputSegment : ReadOnlySequenceSegment<byte>
{
    private byte[] _array = [];
    private int _length;

    public int Length => _length;

    public int Room => _array.Length - _length;

    public byte[] Array => _array;

    public new InputSegment? Next => (InputSegment?)base.Next;

    public void Rent(int size, long runningIndex)
    {
        _array = ArrayPool<byte>.Shared.Rent(size);
        _length = 0;
        RunningIndex = runningIndex;
        base.Next = null;
    }

    public int Append(ReadOnlySpan<byte> bytes)
    {
        int n = Math.Min(bytes.Length, Room);
        bytes[..n].CopyTo(_array.AsSpan(_length));
        _length += n;
        Memory = _array.AsMemory(0, _length);
        return n;
    }

    public void Link(InputSegment next) => base.Next = next;

    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
        _length = 0;
        Memory = default;
        base.Next = null;
    }
}
