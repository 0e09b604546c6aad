namespace Ambient.Compile.Sources;

/// <summary>Equality selectors on labels.</summary>
internal static class LabelSelector
{
    /// <summary>True when the labels carry all of the selector; an empty selector selects everything.</summary>
    public static bool Selects(this IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (name, value) in selector)
        {
            if (!labels.TryGetValue(name, out string? found) || found != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when both hold the same pairs.</summary>
    public static bool SameAs(this IReadOnlyDictionary<string, string>? a, IReadOnlyDictionary<string, string>? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.Count == b.Count && a.Selects(b));
}
