using System.Text;

namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// Writes fields as literals without indexing, names and whole fields from the static table where they are there: no state, so any
/// number of threads may encode. Names and values are ASCII or Latin-1, checked by whoever made them.
/// </summary>
internal static class HpackEncoder
{
    /// <summary>The most bytes that a field can take.</summary>
    public static int MaxLength(string name, string value) => name.Length + value.Length + 12;

    /// <summary>A field that is whole in the static table. Returns the bytes written.</summary>
    public static int WriteIndexed(Span<byte> destination, int index)
    {
        destination[0] = (byte)(0x80 | index);
        return 1;
    }

    /// <summary>A field whose name is in the static table.</summary>
    public static int Write(Span<byte> destination, int nameIndex, string value)
    {
        int written = WriteInteger(destination, 4, 0, nameIndex);
        return written + WriteText(destination[written..], value);
    }

    public static int Write(Span<byte> destination, string name, string value)
    {
        destination[0] = 0;
        int written = 1 + WriteText(destination[1..], name);
        return written + WriteText(destination[written..], value);
    }

    private static int WriteText(Span<byte> destination, string text)
    {
        int written = WriteInteger(destination, 7, 0, text.Length);
        return written + Encoding.Latin1.GetBytes(text, destination[written..]);
    }

    private static int WriteInteger(Span<byte> destination, int prefixBits, byte pattern, int value)
    {
        int max = (1 << prefixBits) - 1;
        if (value < max)
        {
            destination[0] = (byte)(pattern | value);
            return 1;
        }

        destination[0] = (byte)(pattern | max);
        value -= max;
        int written = 1;
        while (value >= 0x80)
        {
            destination[written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[written++] = (byte)value;
        return written;
    }
}
