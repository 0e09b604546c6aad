using System.Text.RegularExpressions;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Storage;

/// <summary>One requirement of a label selector; <see cref="Values"/> null asks only for presence.</summary>
internal sealed partial record LabelRequirement(string Key, bool Negated, string[]? Values)
{
    public static LabelRequirement Parse(string part)
    {
        if (SetShape.Match(part) is { Success: true } set)
        {
            return new LabelRequirement(set.Groups[1].Value, set.Groups[2].Value == "notin", [.. set.Groups[3].Value.Split(',').Select(v => v.Trim())]);
        }

        if (EqualShape.Match(part) is { Success: true } equal)
        {
            return new LabelRequirement(equal.Groups[1].Value, equal.Groups[2].Value == "!=", [equal.Groups[3].Value]);
        }

        if (PresenceShape.Match(part) is { Success: true } presence)
        {
            return new LabelRequirement(presence.Groups[2].Value, presence.Groups[1].Value == "!", null);
        }

        throw ApiErrors.BadRequest($"unable to parse requirement: {part}");
    }

    /// <summary>An absent label satisfies != and notin.</summary>
    public bool Matches(string? value) =>
        Values is null ? (value is not null) != Negated
        : value is null ? Negated
        : Values.Contains(value) != Negated;

    [GeneratedRegex(@"^([^\s=!,()]+)\s+(in|notin)\s*\(([^()]*)\)$")]
    private static partial Regex SetShape { get; }

    [GeneratedRegex(@"^([^\s=!,()]+)\s*(==|=|!=)\s*([^\s=!,()]*)$")]
    private static partial Regex EqualShape { get; }

    [GeneratedRegex(@"^(!?)\s*([^\s=!,()]+)$")]
    private static partial Regex PresenceShape { get; }
}
