using Ambient.Core.Requests;

namespace Ambient.Policy.Tokens;

/// <summary>Looks for tokens in all places of a set. A name that stands twice is two tokens.</summary>
internal static class TokenFinder
{
    /// <summary>More are not looked at, and the request is refused.</summary>
    public const int Most = 8;

    /// <summary>Null: none.</summary>
    public static List<FoundToken>? Find(TokenPolicySet policies, IRequestHeaders headers, ReadOnlySpan<char> query)
    {
        List<FoundToken>? found = null;
        foreach (TokenPlace place in policies.Places)
        {
            switch (place.Kind)
            {
                case TokenPlaceKind.Header:
                    InHeader(place, headers.ValueOf(place.Name), ref found);
                    break;
                case TokenPlaceKind.Parameter:
                    InQuery(place, query, ref found);
                    break;
                default:
                    InCookies(place, headers.ValueOf("cookie"), ref found);
                    break;
            }
        }

        return found;
    }

    // Several lines of a header are one value, joined by commas, which no token has.
    private static void InHeader(TokenPlace place, string? value, ref List<FoundToken>? found)
    {
        if (value is null)
        {
            return;
        }

        foreach (Range range in value.AsSpan().Split(','))
        {
            ReadOnlySpan<char> part = value.AsSpan(range).Trim(" \t");
            if (part.StartsWith(place.Prefix, place.Comparison))
            {
                Add(place, part[place.Prefix.Length..].Trim(" \t"), ref found);
            }
        }
    }

    private static void InQuery(TokenPlace place, ReadOnlySpan<char> query, ref List<FoundToken>? found)
    {
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> part = query[range];
            int equals = part.IndexOf('=');
            if (equals > 0 && IsName(part[..equals], place.Name))
            {
                ReadOnlySpan<char> value = part[(equals + 1)..];
                Add(place, value.Contains('%') ? Uri.UnescapeDataString(value) : value, ref found);
            }
        }
    }

    private static bool IsName(ReadOnlySpan<char> written, string name) =>
        written.Contains('%') ? string.Equals(Uri.UnescapeDataString(written), name, StringComparison.Ordinal) : written.SequenceEqual(name);

    private static void InCookies(TokenPlace place, string? value, ref List<FoundToken>? found)
    {
        if (value is null)
        {
            return;
        }

        foreach (Range range in value.AsSpan().SplitAny(";,"))
        {
            ReadOnlySpan<char> part = value.AsSpan(range).Trim(" \t");
            int equals = part.IndexOf('=');
            if (equals > 0 && part[..equals].TrimEnd(" \t").SequenceEqual(place.Name))
            {
                Add(place, part[(equals + 1)..].Trim(" \t\""), ref found);
            }
        }
    }

    private static void Add(TokenPlace place, ReadOnlySpan<char> token, ref List<FoundToken>? found)
    {
        if (token.Length > 0 && (found?.Count ?? 0) <= Most)
        {
            (found ??= new List<FoundToken>(1)).Add(new FoundToken(token.Length > TokenReader.MaxLength ? new string(token[..(TokenReader.MaxLength + 1)]) : new string(token), place));
        }
    }
}
