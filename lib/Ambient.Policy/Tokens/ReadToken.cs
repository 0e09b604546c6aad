using System.Collections.Immutable;
using System.Text.Json;
using Ambient.Policy.Tokens.Keys;

namespace Ambient.Policy.Tokens;

/// <summary>What a token says, and the key that made its signature once that is known.</summary>
internal sealed class ReadToken
{
    private Answer? _answer;

    private sealed record Answer(CompiledTokenRule Rule, TokenPlace Place, TokenResult Result);

    public required TokenAlgorithm Algorithm { get; init; }

    /// <summary>Empty when the header has none.</summary>
    public required string KeyId { get; init; }

    public required JsonElement Claims { get; init; }

    public required string Issuer { get; init; }

    public required ImmutableArray<string> Audiences { get; init; }

    /// <summary>Seconds since 1970; null: never.</summary>
    public required double? Expires { get; init; }

    public required double? NotBefore { get; init; }

    /// <summary>The payload as it was sent.</summary>
    public string Payload { get; set; } = "";

    public byte[] SignedBytes { get; set; } = [];

    public byte[] Signature { get; set; } = [];

    /// <summary>Thumbprint of the key whose signature it bears; null until that was found.</summary>
    public string? VerifiedBy { get; private set; }

    /// <summary>What was signed is of no use any more: only who signed is.</summary>
    public void Verified(string thumbprint)
    {
        VerifiedBy = thumbprint;
        SignedBytes = [];
        Signature = [];
    }

    /// <summary>What a valid token means in one place by one rule; kept, since most requests of a caller ask the same.</summary>
    public TokenResult ResultOf(CompiledTokenRule rule, TokenPlace place)
    {
        if (_answer is { } known && ReferenceEquals(known.Rule, rule) && ReferenceEquals(known.Place, place))
        {
            return known.Result;
        }

        Answer made = new(rule, place, rule.Result(this, place));
        _answer = made;
        return made.Result;
    }
}
