using System.Collections.Immutable;
using Ambient.Core.Policies;

namespace Ambient.Policy.Requests.Checks;

/// <summary>An attribute that is one text or absent.</summary>
internal sealed class TextCheck(string field, ImmutableArray<string> values, Func<RequestSubject, string?> attribute) : RequestCheck(field)
{
    private readonly ImmutableArray<StringMatch> _values = [.. values.Select(StringMatch.Parse)];

    public override bool Holds(RequestSubject subject, string? path) => attribute(subject) is { } text && Any(_values, text);

    public static bool Any(ImmutableArray<StringMatch> values, ReadOnlySpan<char> text)
    {
        foreach (StringMatch value in values)
        {
            if (value.Matches(text))
            {
                return true;
            }
        }

        return false;
    }
}
