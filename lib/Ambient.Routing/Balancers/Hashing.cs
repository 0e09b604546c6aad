namespace Ambient.Routing.Balancers;

/// <summary>A 64-bit hash of text that is the same in every process: FNV-1a over UTF-16, then mixed so that near keys lie far apart.</summary>
public static class Hashing
{
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0)
    {
        ulong hash = 14695981039346656037UL ^ Mix(seed);
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return Mix(hash);
    }

    // The finaliser of MurmurHash3.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdUL;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return value ^ (value >> 33);
    }
}
