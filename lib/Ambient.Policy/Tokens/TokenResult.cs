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
}
