using Ambient.Core;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Requests;
using Ambient.Policy.Tokens;
using Ambient.Testing;

namespace Ambient.Policy.Tests.Tokens;

/// <summary>Policies, a clock that stands at 2026-01-01, and requests.</summary>
internal sealed class Asked
{
    public const long Now = 1767225600;

    private readonly TokenCheck _check;

    public Asked(params TokenRule[] rules)
    {
        _check = new TokenCheck(Keys, Time);
        Policies = TokenPolicySet.Of([new TokenPolicy { Name = new NamespacedName("shop", "tokens"), Rules = [.. rules] }]);
    }

    public ManualTime Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    public FetchedKeys Keys { get; } = new();

    public TokenPolicySet Policies { get; set; }

    public int Cached => _check.Cached;

    public static TokenRule Rule(string keys, string issuer = Issuer.Name) => new() { Issuer = issuer, Keys = keys };

    public TokenResult Bearer(string token) => Ask(("authorization", $"Bearer {token}"));

    public TokenResult Ask(params (string Name, string Value)[] headers) => Query("", headers);

    public TokenResult Query(string query, params (string Name, string Value)[] headers) => _check.Check(Policies, new Headers(headers), query);

    public sealed class FetchedKeys : ITokenKeys
    {
        public Dictionary<TokenKeySource, JsonWebKeySet> Sets { get; } = [];

        public int Misses { get; private set; }

        public JsonWebKeySet? Find(TokenKeySource source) => Sets.GetValueOrDefault(source);

        public void Missed(TokenKeySource source) => Misses++;
    }

    private sealed class Headers((string Name, string Value)[] all) : IRequestHeaders
    {
        public string? ValueOf(string name) =>
            all.Where(h => h.Name == name).Select(h => h.Value).ToList() is { Count: > 0 } values ? string.Join(",", values) : null;
    }
}
