using System.Collections.Immutable;

namespace Ambient.Policy.Requests.Checks;

/// <summary>The caller's namespace; <c>*</c> stands for any text wherever it is.</summary>
internal sealed class NamespaceCheck(string field, ImmutableArray<string> values) : RequestCheck(field)
{
    public override bool Holds(RequestSubject subject, string? path)
    {
        if (subject.Identity is not { } identity)
        {
            return false;
        }

        foreach (string value in values)
        {
            if (Fits(value, identity.Namespace))
            {
                return true;
            }
        }

        return false;
    }

    // Greedy from the left with the last star to fall back to: linear enough for names of at most 253 characters.
    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0;
        int t = 0;
        int star = -1;
        int mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        return !pattern[p..].ContainsAnyExcept('*');
    }
}
