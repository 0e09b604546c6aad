using System.Collections.Immutable;

namespace Ambient.Routing.Matching;

internal static class SourceLabels
{
    public static bool Fit(ImmutableSortedDictionary<string, string> wanted, IReadOnlyDictionary<string, string>? labels)
    {
        if (wanted.IsEmpty)
        {
            return true;
        }

        if (labels is null)
        {
            return false;
        }

        foreach ((string key, string value) in wanted)
        {
            if (!labels.TryGetValue(key, out string? has) || !string.Equals(has, value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
