using Ambient.Hbone.Http2.Hpack;

namespace Ambient.Hbone.Tests.Http2.Hpack;

/// <summary>Finds each byte's code by asking the decoder, so it needs no table of its own; slow, for tests.</summary>
internal static class HuffmanEncoder
{
    private static readonly Lazy<string[]> Codes = new(FindCodes);

    public static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        string bits = "";
        foreach (byte b in bytes)
        {
            bits += Codes.Value[b];
        }

        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '1');
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    // Walks the code tree: a bit string that decodes to one byte is a leaf; one that decodes to nothing goes on.
    private static string[] FindCodes()
    {
        string[] codes = new string[256];
        Stack<string> open = new(["0", "1"]);
        byte[] decoded = new byte[16];
        while (open.TryPop(out string? bits))
        {
            byte[] padded = [.. Enumerable.Range(0, (bits.Length + 7) / 8)
                .Select(i => Convert.ToByte(bits.PadRight(40, '1').Substring(i * 8, 8), 2))];
            bool whole = HuffmanCode.Decode(padded, decoded) == 1;
            if (whole && IsLeaf(bits))
            {
                codes[decoded[0]] = bits;
            }
            else if (bits.Length < 30)
            {
                open.Push(bits + "0");
                open.Push(bits + "1");
            }
        }

        return codes;
    }

    // A leaf decodes to the same byte whatever follows: also when a code that begins with a zero bit follows ('0' is 00000).
    private static bool IsLeaf(string bits)
    {
        string followed = bits + "00000";
        followed = followed.PadRight((followed.Length + 7) / 8 * 8, '1');
        byte[] padded = [.. Enumerable.Range(0, followed.Length / 8).Select(i => Convert.ToByte(followed.Substring(i * 8, 8), 2))];
        byte[] decoded = new byte[16];
        return HuffmanCode.Decode(padded, decoded) == 2 && decoded[1] == (byte)'0';
    }
}
