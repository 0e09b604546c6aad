using System.Runtime.InteropServices;
using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// The fields of one block. Above its limits it keeps counting and stops storing, so that the compression state stays right;
/// far above them the connection is at fault (a small block may stand for very much).
/// </summary>
internal sealed class HeaderList
{
    private const int HopelessFactor = 4;

    private readonly List<HpackField> _fields = [];
    private readonly int _maxSize;
    private readonly int _maxCount;
    private long _size;
    private int _count;

    public HeaderList(int maxSize, int maxCount)
    {
        _maxSize = maxSize;
        _maxCount = maxCount;
    }

    public ReadOnlySpan<HpackField> Fields => CollectionsMarshal.AsSpan(_fields);

    /// <summary>More or longer than announced: <see cref="Fields"/> is not complete.</summary>
    public bool Exceeded => _size > _maxSize || _count > _maxCount;

    public void Clear()
    {
        _fields.Clear();
        _size = 0;
        _count = 0;
    }

    public void Add(HpackField field)
    {
        _size += field.Size;
        _count++;
        if (_size > (long)_maxSize * HopelessFactor || _count > _maxCount * HopelessFactor)
        {
            throw new Http2ConnectionException(ErrorCode.EnhanceYourCalm, "header list far above the limit");
        }

        if (!Exceeded)
        {
            _fields.Add(field);
        }
    }
}
