using System.Collections.Immutable;
using Ambient.Core.Routes;
using Ambient.Policy.Requests;

namespace Ambient.Policy.Tokens;

/// <summary>What the token policies say about one request, and what they change of it. Immutable; the same object may answer many requests.</summary>
public sealed record TokenResult
{
    /// <summary>No policy applies.</summary>
    public static TokenResult Nothing { get; } = new();

    public TokenOutcome Outcome { get; init; }

    /// <summary>For <see cref="AuthorizationRequest.Token"/>; set when <see cref="Outcome"/> is <see cref="TokenOutcome.Valid"/>.</summary>
    public RequestToken? Token { get; init; }

    /// <summary>Set when <see cref="Outcome"/> is <see cref="TokenOutcome.Refused"/>.</summary>
    public TokenRefusal? Refusal { get; init; }

    /// <summary>
    /// Lower-case headers to take out of the request before <see cref="SetHeaders"/> is applied: of tokens that do not go on, and of every header
    /// that a policy writes, whether it does so now or not: a client must not write them itself.
    /// </summary>
    public ImmutableArray<string> RemoveHeaders { get; init; } = [];

    /// <summary>Headers that the request gets; values are plain ASCII.</summary>
    public ImmutableArray<HeaderValue> SetHeaders { get; init; } = [];

    /// <summary>Query parameters (decoded names) to take out, each wherever it stands.</summary>
    public ImmutableArray<string> RemoveParameters { get; init; } = [];

    /// <summary>Cookies to take out.</summary>
    public ImmutableArray<string> RemoveCookies { get; init; } = [];

    /// <summary>A query, without its question mark, as it goes on.</summary>
    public string QueryWithout(string query) => RemoveParameters.IsEmpty ? query : Without(query, '&', RemoveParameters, static part => Uri.UnescapeDataString(part));

    /// <summary>The value of a Cookie header as it goes on; empty: the header does not.</summary>
    public string CookiesWithout(string cookies) => RemoveCookies.IsEmpty ? cookies : Without(cookies, ';', RemoveCookies, static part => part.Trim());

    private static string Without(string list, char separator, ImmutableArray<string> names, Func<string, string> read) =>
        string.Join(separator, list.Split(separator).Where(part =>
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            return !names.Contains(read(equals < 0 ? part : part[..equals]), StringComparer.Ordinal);
        })).Trim();
}
