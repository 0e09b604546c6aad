namespace Ambient.Hbone.Http2.Hpack;

/// <summary>
/// The code of RFC 7541 appendix B. It is canonical: codes of one length are consecutive in the order of their symbols,
/// so the lengths say everything and the tables are computed from them once.
/// </summary>
internal static class HuffmanCode
{
    private const int EndOfString = 256;
    private const int LongestCode = 30;
    private const int FastBits = 9;

    private static readonly int[] FirstCode = new int[LongestCode + 1];
    private static readonly int[] Count = new int[LongestCode + 1];
    private static readonly int[] FirstIndex = new int[LongestCode + 1];
    private static readonly short[] Symbols = new short[EndOfString + 1];

    // For each 9-bit prefix: symbol << 4 | length of its code; 0 when the code is longer.
    private static readonly short[] Fast = new short[1 << FastBits];

    static HuffmanCode()
    {
        ReadOnlySpan<byte> lengths = Lengths;
        int index = 0;
        int code = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            code <<= 1;
            FirstCode[length] = code;
            FirstIndex[length] = index;
            for (int symbol = 0; symbol <= EndOfString; symbol++)
            {
                if (lengths[symbol] == length)
                {
                    Symbols[index++] = (short)symbol;
                    FillFast(code, length, symbol);
                    code++;
                    Count[length]++;
                }
            }
        }
    }

    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>The most bytes that so many coded bytes can mean: the shortest code has 5 bits.</summary>
    public static int MaxDecodedLength(int coded) => coded * 8 / 5 + 1;

    /// <summary>Returns the number of bytes written, or -1 when the code is malformed (RFC 7541 §5.2: the symbol EOS, padding of 8 bits or of zeros).</summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ulong bits = 0;
        int available = 0;
        int written = 0;
        int next = 0;
        while (true)
        {
            while (available <= 56 && next < source.Length)
            {
                bits = (bits << 8) | source[next++];
                available += 8;
            }

            if (available == 0)
            {
                return written;
            }

            (int symbol, int length) = Symbol(bits, available);
            if (length == 0)
            {
                // What is left has to be a prefix of EOS, which is all ones, shorter than a byte.
                return available < 8 && (bits & ((1UL << available) - 1)) == (1UL << available) - 1 ? written : -1;
            }

            if (symbol == EndOfString)
            {
                return -1;
            }

            destination[written++] = (byte)symbol;
            available -= length;
        }
    }

    // (symbol, bits used); (0, 0) when the bits hold no whole code.
    private static (int Symbol, int Length) Symbol(ulong bits, int available)
    {
        int prefix = (int)(available >= FastBits ? bits >> (available - FastBits) : bits << (FastBits - available)) & ((1 << FastBits) - 1);
        int fast = Fast[prefix];
        if (fast != 0 && (fast & 0xf) <= available)
        {
            return (fast >> 4, fast & 0xf);
        }

        for (int length = 5; length <= Math.Min(LongestCode, available); length++)
        {
            int code = (int)(bits >> (available - length)) & ((1 << length) - 1);
            int offset = code - FirstCode[length];
            if (offset >= 0 && offset < Count[length])
            {
                return (Symbols[FirstIndex[length] + offset], length);
            }
        }

        return (0, 0);
    }

    private static void FillFast(int code, int length, int symbol)
    {
        if (length > FastBits)
        {
            return;
        }

        int first = code << (FastBits - length);
        Fast.AsSpan(first, 1 << (FastBits - length)).Fill((short)((symbol << 4) | length));
    }
}
