namespace Ambient.Resources.Schemas;

/// <summary>Guesses what a misspelt field name meant.</summary>
internal static class Near
{
    /// <summary>True when one inserted, left out, changed or swapped letter makes one name of the other.</summary>
    public static bool OneEdit(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1)
        {
            return false;
        }

        int start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
        {
            start++;
        }

        var restA = a.AsSpan(start);
        var restB = b.AsSpan(start);
        return restA.Length == restB.Length
            ? restA.Length == 0 || restA[1..].SequenceEqual(restB[1..]) || Swapped(restA, restB)
            : restA.Length > restB.Length ? restA[1..].SequenceEqual(restB) : restB[1..].SequenceEqual(restA);
    }

    private static bool Swapped(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        a.Length >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..].SequenceEqual(b[2..]);
}
