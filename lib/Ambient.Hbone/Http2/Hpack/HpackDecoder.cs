using System.Buffers;
using System.Text;
using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2.Hpack;

/// <summary>RFC 7541, whole: Huffman, both tables, size updates. Every fault is a COMPRESSION_ERROR of the connection. Used by one thread at a time.</summary>
internal sealed class HpackDecoder
{
    public const int DefaultTableSize = 4096;

    // RFC 7541 §4.2: at most two size updates are ever needed before a block.
    private const int MaxSizeUpdates = 2;

    private readonly DynamicTable _table;

    public HpackDecoder(int tableSize = DefaultTableSize)
    {
        _table = new DynamicTable(tableSize);
    }

    public int TableSize => _table.Size;

    public void Decode(ReadOnlySpan<byte> block, HeaderList into)
    {
        int updates = 0;
        bool fields = false;
        while (!block.IsEmpty)
        {
            byte first = block[0];
            if ((first & 0xe0) == 0x20)
            {
                if (fields || ++updates > MaxSizeUpdates)
                {
                    throw Fault("table size update where none may stand");
                }

                Resize(Integer(ref block, 5));
                continue;
            }

            fields = true;
            into.Add(Field(ref block, first));
        }
    }

    private HpackField Field(ref ReadOnlySpan<byte> block, byte first)
    {
        if ((first & 0x80) != 0)
        {
            return Lookup(Integer(ref block, 7));
        }

        bool indexed = (first & 0x40) != 0;
        int nameIndex = Integer(ref block, indexed ? 6 : 4);
        string name = nameIndex == 0 ? Text(ref block) : Lookup(nameIndex).Name;
        HpackField field = new(name, Text(ref block));
        if (indexed)
        {
            _table.Add(field);
        }

        return field;
    }

    private HpackField Lookup(int index)
    {
        if (index is > 0 and <= StaticTable.Count)
        {
            return StaticTable.Get(index);
        }

        int dynamic = index - StaticTable.Count - 1;
        return dynamic >= 0 && dynamic < _table.Count ? _table[dynamic] : throw Fault("index outside the tables");
    }

    private void Resize(int size)
    {
        if (size > _table.MaxSize)
        {
            throw Fault("table size above what we announced");
        }

        _table.Resize(size);
    }

    // RFC 7541 §5.1. Nothing that we need is above 2^24, so a longer integer is a fault and not a loop.
    private static int Integer(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        int max = (1 << prefixBits) - 1;
        int value = block[0] & max;
        block = block[1..];
        if (value < max)
        {
            return value;
        }

        for (int shift = 0; shift <= 21; shift += 7)
        {
            if (block.IsEmpty)
            {
                throw Fault("integer cut off");
            }

            byte next = block[0];
            block = block[1..];
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        throw Fault("integer too long");
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
        {
            throw Fault("string cut off");
        }

        bool huffman = (block[0] & 0x80) != 0;
        int length = Integer(ref block, 7);
        if (length > block.Length)
        {
            throw Fault("string cut off");
        }

        ReadOnlySpan<byte> raw = block[..length];
        block = block[length..];
        return huffman ? Huffman(raw) : Encoding.Latin1.GetString(raw);
    }

    private static string Huffman(ReadOnlySpan<byte> raw)
    {
        int max = HuffmanCode.MaxDecodedLength(raw.Length);
        byte[]? rented = null;
        Span<byte> decoded = max <= 512 ? stackalloc byte[512] : (rented = ArrayPool<byte>.Shared.Rent(max));
        try
        {
            int length = HuffmanCode.Decode(raw, decoded);
            return length >= 0 ? Encoding.Latin1.GetString(decoded[..length]) : throw Fault("malformed Huffman code");
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static Http2ConnectionException Fault(string reason) => new(ErrorCode.CompressionError, reason);
}
