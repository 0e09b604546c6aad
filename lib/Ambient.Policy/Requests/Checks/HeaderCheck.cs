using System.Collections.Immutable;
using Ambient.Core.Policies;

namespace Ambient.Policy.Requests.Checks;

/// <summary>A header. Where it denies, each of several values counts too, so that one more line does not hide another.</summary>
internal sealed class HeaderCheck(string field, ImmutableArray<string> values, string name, bool denies) : RequestCheck(field)
{
    private readonly ImmutableArray<StringMatch> _values = [.. values.Select(StringMatch.Parse)];

    public override bool Holds(RequestSubject subject, string? path)
    {
        if (subject.Request.Headers.ValueOf(name) is not { } value)
        {
            return false;
        }

        if (TextCheck.Any(_values, value))
        {
            return true;
        }

        if (!denies || !value.Contains(',', StringComparison.Ordinal))
        {
            return false;
        }

        foreach (Range part in value.AsSpan().Split(','))
        {
            if (TextCheck.Any(_values, value.AsSpan()[part].Trim()))
            {
                return true;
            }
        }

        return false;
    }
}
