using System.Globalization;

namespace Ambient.Routing.Patterns;

/// <summary><c>{2}</c>, <c>{2,}</c>, <c>{2,5}</c>.</summary>
internal static class Re2Count
{
    public static bool TryRead(string text, int start, out int length, out int min, out int? max)
    {
        length = min = 0;
        max = null;
        int end = text.IndexOf('}', start);
        if (end < 0 || end == start + 1)
        {
            return false;
        }

        ReadOnlySpan<char> inner = text.AsSpan(start + 1, end - start - 1);
        int comma = inner.IndexOf(',');
        if (!TryNumber(comma < 0 ? inner : inner[..comma], out min))
        {
            return false;
        }

        length = end - start + 1;
        if (comma < 0)
        {
            max = min;
            return true;
        }

        if (inner[(comma + 1)..].IsEmpty)
        {
            return true;
        }

        bool both = TryNumber(inner[(comma + 1)..], out int to);
        max = to;
        return both;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        number = digits.Length > 6 ? int.MaxValue : int.Parse(digits, CultureInfo.InvariantCulture);
        return true;
    }
}
