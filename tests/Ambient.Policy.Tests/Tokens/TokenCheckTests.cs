using System.Text.Json;
using Ambient.Core;
using Ambient.Core.Policies.Tokens;
using Ambient.Policy.Tokens;

namespace Ambient.Policy.Tests.Tokens;

public class TokenCheckTests
{
    private static readonly Issuer Signer = new();

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void Token_OfEachAlgorithm_IsValid(string algorithm)
    {
        TokenResult result = new Asked(Asked.Rule(Signer.Keys)).Bearer(Signer.Token(algorithm));

        Assert.Equal(TokenOutcome.Valid, result.Outcome);
        Assert.Equal((Issuer.Name, "alice"), (result.Token!.Issuer, result.Token.Subject));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public void Token_Symmetric_IsValidOnlyByASecretInThePolicy(string algorithm)
    {
        Assert.Equal(TokenOutcome.Valid, new Asked(Asked.Rule(Issuer.Set(Issuer.OctKey))).Bearer(Signer.Token(algorithm)).Outcome);
        Assert.False(JsonWebKeySet.TryParse(Issuer.Set(Issuer.OctKey), false, out _, out string? problem));
        Assert.Contains("shared secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_WithoutKeyId_IsTriedWithEachKeyOfItsKind()
    {
        string keys = Issuer.Set(new Issuer().RsaKey, Signer.P256Key, Signer.RsaKey);

        Assert.Equal(TokenOutcome.Valid, new Asked(Asked.Rule(keys)).Bearer(Signer.Raw("""{"alg":"RS256"}""", Issuer.Claims())).Outcome);
    }

    [Theory]
    [InlineData(0, 0, TokenOutcome.Valid)]
    [InlineData(-59, 0, TokenOutcome.Valid)]
    [InlineData(-60, 0, TokenOutcome.Refused)]
    [InlineData(3600, 60, TokenOutcome.Valid)]
    [InlineData(3600, 61, TokenOutcome.Refused)]
    public void Token_Times_HaveALeewayOfAMinute(int expires, int notBefore, TokenOutcome outcome)
    {
        string token = Signer.Token(claims: Issuer.Claims($"\"exp\":{Asked.Now + expires},\"nbf\":{Asked.Now + notBefore}"));

        Assert.Equal(outcome, new Asked(Asked.Rule(Signer.Keys)).Bearer(token).Outcome);
    }

    [Fact]
    public void Token_Known_IsRefusedWhenItExpires()
    {
        Asked asked = new(Asked.Rule(Signer.Keys));
        string token = Signer.Token(claims: Issuer.Claims($"\"exp\":{Asked.Now + 10}"));
        Assert.Equal(TokenOutcome.Valid, asked.Bearer(token).Outcome);
        Assert.Same(asked.Bearer(token), asked.Bearer(token));

        asked.Time.Advance(TimeSpan.FromSeconds(69));
        Assert.Equal(TokenOutcome.Valid, asked.Bearer(token).Outcome);
        asked.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenProblem.Expired, asked.Bearer(token).Refusal?.Problem);
    }

    [Theory]
    [InlineData("", "", TokenOutcome.Valid)]
    [InlineData("", "\"aud\":\"anything\"", TokenOutcome.Valid)]
    [InlineData("shop", "\"aud\":\"shop\"", TokenOutcome.Valid)]
    [InlineData("shop", "\"aud\":[\"bank\",\"shop\"]", TokenOutcome.Valid)]
    [InlineData("shop,bank", "\"aud\":\"bank\"", TokenOutcome.Valid)]
    [InlineData("shop", "\"aud\":\"Shop\"", TokenOutcome.Refused)]
    [InlineData("shop", "\"aud\":[]", TokenOutcome.Refused)]
    [InlineData("shop", "", TokenOutcome.Refused)]
    public void Token_Audience_IsOneOfThoseOfTheRule(string audiences, string claim, TokenOutcome outcome)
    {
        TokenRule rule = Asked.Rule(Signer.Keys) with { Audiences = [.. audiences.Split(',', StringSplitOptions.RemoveEmptyEntries)] };

        Assert.Equal(outcome, new Asked(rule).Bearer(Signer.Token(claims: Issuer.Claims(claim))).Outcome);
    }

    [Theory]
    [InlineData("authorization", "Basic YWxpY2U6c2VjcmV0")]
    [InlineData("authorization", "Bearer")]
    [InlineData("x-token", "not-looked-at")]
    [InlineData("cookie", "access_token=not-looked-at")]
    public void Request_WithoutToken_Passes(string name, string value)
    {
        Assert.Equal(TokenOutcome.None, new Asked(Asked.Rule(Signer.Keys)).Ask((name, value)).Outcome);
    }

    [Theory]
    [InlineData("bearer ")]
    [InlineData("BEARER  ")]
    public void Scheme_IsComparedWithoutCase(string prefix)
    {
        Assert.Equal(TokenOutcome.Valid, new Asked(Asked.Rule(Signer.Keys)).Ask(("authorization", prefix + Signer.Token())).Outcome);
    }

    [Fact]
    public void Token_InTheQuery_IsFoundByDecodedName()
    {
        Asked asked = new(Asked.Rule(Signer.Keys));

        Assert.Equal(TokenOutcome.Valid, asked.Query($"a=b&access_token={Signer.Token()}").Outcome);
        Assert.Equal(TokenOutcome.Valid, asked.Query($"access%5Ftoken={Signer.Token().Replace(".", "%2E", StringComparison.Ordinal)}").Outcome);
        Assert.Equal(TokenOutcome.Refused, asked.Query("access_token=abc").Outcome);
        Assert.Equal(TokenOutcome.None, asked.Query("access_token=&b").Outcome);
        Assert.Equal(["access_token"], asked.Query($"access_token={Signer.Token()}").RemoveParameters);
    }

    [Fact]
    public void Token_InNamedPlaces_IsLookedForThereOnly()
    {
        TokenRule rule = Asked.Rule(Signer.Keys) with { FromHeaders = [new TokenHeader("x-jwt", "JWT ")], FromParameters = ["t"], FromCookies = ["session"] };
        Asked asked = new(rule);
        string token = Signer.Token();

        Assert.Equal(TokenOutcome.Valid, asked.Ask(("x-jwt", "JWT " + token)).Outcome);
        Assert.Equal(TokenOutcome.None, asked.Ask(("x-jwt", "jwt " + token)).Outcome);
        Assert.Equal(TokenOutcome.Valid, asked.Query("t=" + token).Outcome);
        Assert.Equal(TokenOutcome.Valid, asked.Ask(("cookie", $"a=b; session=\"{token}\"")).Outcome);
        Assert.Equal(["session"], asked.Ask(("cookie", $"session={token}")).RemoveCookies);
        Assert.Equal(["x-jwt"], asked.Ask(("x-jwt", "JWT " + token)).RemoveHeaders);
        Assert.Equal(TokenOutcome.None, asked.Bearer("anything").Outcome);
    }

    [Fact]
    public void Token_Forwarded_StaysInTheRequest()
    {
        Asked asked = new(Asked.Rule(Signer.Keys) with { ForwardToken = true });

        Assert.Empty(asked.Bearer(Signer.Token()).RemoveHeaders);
        Assert.Empty(asked.Query("access_token=" + Signer.Token()).RemoveParameters);
    }

    [Fact]
    public void Tokens_DifferentAndValid_HaveNoPrincipal()
    {
        Issuer other = new();
        Asked asked = new(Asked.Rule(Signer.Keys) with { PayloadHeader = "x-payload" }, Asked.Rule(other.Keys, "https://other.example"));
        string second = other.Token(claims: """{"iss":"https://other.example","sub":"bob"}""");

        TokenResult result = asked.Query($"access_token={second}", ("authorization", "Bearer " + Signer.Token()));

        Assert.Equal((TokenOutcome.Several, null), (result.Outcome, result.Token));
        Assert.Empty(result.SetHeaders);
        Assert.Equal(["authorization", "x-payload"], result.RemoveHeaders);
        Assert.Equal(["access_token"], result.RemoveParameters);
        Assert.Equal(TokenOutcome.Several, asked.Ask(("authorization", $"Bearer {Signer.Token()}"), ("authorization", $"Bearer {second}")).Outcome);
    }

    [Fact]
    public void Tokens_OneOfThemBad_Refuse()
    {
        Asked asked = new(Asked.Rule(Signer.Keys));

        Assert.Equal(TokenOutcome.Refused, asked.Query("access_token=abc", ("authorization", "Bearer " + Signer.Token())).Outcome);
        Assert.Equal(TokenOutcome.Refused, asked.Ask(("authorization", $"Bearer {Signer.Token()}, Bearer abc")).Outcome);
        Assert.Equal(TokenOutcome.Valid, asked.Query($"access_token={Signer.Token()}", ("authorization", "Bearer " + Signer.Token())).Outcome);
        Assert.Equal(TokenOutcome.Refused, asked.Query(string.Join('&', Enumerable.Repeat($"access_token={Signer.Token()}", 9))).Outcome);
    }

    [Fact]
    public void Rules_OfOneIssuer_AreAlternatives()
    {
        Asked asked = new(Asked.Rule(Signer.Keys) with { Audiences = ["shop"] }, Asked.Rule(Signer.Keys) with { Audiences = ["bank"] });

        Assert.Equal(TokenOutcome.Valid, asked.Bearer(Signer.Token(claims: Issuer.Claims("\"aud\":\"shop\""))).Outcome);
        Assert.Equal(TokenOutcome.Valid, asked.Bearer(Signer.Token(claims: Issuer.Claims("\"aud\":\"bank\""))).Outcome);
        Assert.Equal(TokenProblem.Audience, asked.Bearer(Signer.Token()).Refusal?.Problem);
    }

    [Fact]
    public void Claims_GoOnAsHeaders_AndAreNeverTheClients()
    {
        TokenRule rule = Asked.Rule(Signer.Keys) with
        {
            PayloadHeader = "x-payload",
            ClaimHeaders =
            [
                new("x-sub", "sub"), new("x-role", "realm.role"), new("x-level", "level"), new("x-paid", "paid"), new("x-groups", "groups"),
                new("x-evil", "evil"), new("x-name", "name"), new("x-dotted", "a.b"), new("x-none", "absent"),
            ],
        };
        Asked asked = new(rule);
        string claims = Issuer.Claims("""
            "realm":{"role":"admin"},"level":7,"paid":true,"groups":["a"],"evil":"x\r\nx-admin: 1","name":"Zoë","a.b":"dotted"
            """);

        TokenResult result = asked.Bearer(Signer.Token(claims: claims));

        Assert.Equal(
            ["x-payload=" + Issuer.Text(claims), "x-sub=alice", "x-role=admin", "x-level=7", "x-paid=true", "x-dotted=dotted"],
            result.SetHeaders.Select(h => $"{h.Name}={h.Value}"));
        string[] written = ["x-sub", "x-role", "x-level", "x-paid", "x-groups", "x-evil", "x-name", "x-dotted", "x-none", "x-payload"];
        Assert.Equal([.. written.Prepend("authorization").Order()], result.RemoveHeaders.Order());
        Assert.Equal(written.Order(), asked.Ask(("x-sub", "root")).RemoveHeaders.Order());
    }

    [Fact]
    public void Scopes_AreLists()
    {
        Asked asked = new(Asked.Rule(Signer.Keys) with { SpaceDelimitedClaims = ["roles"] });

        TokenResult result = asked.Bearer(Signer.Token(claims: Issuer.Claims("""  "scope":"read write","roles":"a b","other":"c d"  """)));

        Assert.Equal(["read", "write"], result.Token!.Values(["scope"]));
        Assert.Equal(["a", "b"], result.Token.Values(["roles"]));
        Assert.Equal(["c d"], result.Token.Values(["other"]));
    }

    [Fact]
    public void Keys_NotFetchedYet_RefuseAndSaySo()
    {
        Asked asked = new(new TokenRule { Issuer = Issuer.Name });

        TokenResult result = asked.Bearer(Signer.Token());

        Assert.Equal("the keys of issuer https://issuer.example have not been fetched yet", result.Refusal?.Reason);
        Assert.Equal(TokenOutcome.None, asked.Ask().Outcome);
    }

    [Fact]
    public void Keys_Rotated_AreAskedForAndTheOldOnesEnd()
    {
        TokenKeySource source = new("https://issuer.example/keys", false);
        Asked asked = new(new TokenRule { Issuer = Issuer.Name, KeysUri = source.Uri });
        asked.Keys.Sets[source] = Parsed(Signer.Keys);
        string old = Signer.Token();
        Assert.Equal(TokenOutcome.Valid, asked.Bearer(old).Outcome);
        Assert.Equal(0, asked.Keys.Misses);

        Issuer next = new();
        string fresh = next.Raw("""{"alg":"RS256","kid":"next"}""", Issuer.Claims());
        Assert.Equal(TokenProblem.KeyUnknown, asked.Bearer(fresh).Refusal?.Problem);
        Assert.Equal(1, asked.Keys.Misses);

        asked.Keys.Sets[source] = Parsed(Issuer.Set(next.RsaKey.Replace("\"rsa\"", "\"next\"", StringComparison.Ordinal)));
        Assert.Equal(TokenOutcome.Valid, asked.Bearer(fresh).Outcome);
        Assert.Equal(TokenProblem.KeyUnknown, asked.Bearer(old).Refusal?.Problem);
    }

    [Fact]
    public void Policy_Refused_RefusesEveryRequest()
    {
        Asked asked = new();
        asked.Policies = TokenPolicySet.Of(
        [
            new TokenPolicy { Name = new NamespacedName("shop", "good"), Rules = [Asked.Rule(Signer.Keys)] },
            new TokenPolicy { Name = new NamespacedName("shop", "broken"), Refused = "spec.jwtRules[0].isuer is unknown" },
        ]);

        Assert.Equal("RequestAuthentication shop/broken is refused, so no request can be checked; see its status", asked.Ask().Refusal?.Reason);
        Assert.Equal(TokenProblem.PolicyRefused, asked.Bearer(Signer.Token()).Refusal?.Problem);
    }

    [Theory]
    [InlineData("""{"kty":"RSA","use":"enc","n":"$n","e":"AQAB"}""", "is not for signatures (use)")]
    [InlineData("""{"kty":"RSA","key_ops":["sign"],"n":"$n","e":"AQAB"}""", "is not for verifying (key_ops)")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB"}""", "has 17 bits; RSA keys have 2048 to 8192")]
    [InlineData("""{"kty":"RSA","n":"$n","e":"AQ"}""", "has an exponent that RSA cannot have")]
    [InlineData("""{"kty":"RSA","n":"$n","e":"AQAC"}""", "has an exponent that RSA cannot have")]
    [InlineData("""{"kty":"RSA","n":"$n"}""", "has an exponent that RSA cannot have")]
    [InlineData("""{"kty":"RSA","n":"+/","e":"AQAB"}""", "has no base64url in n")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}""", "has coordinates that are not 32 bytes long")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","y":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}""", "is no valid key")]
    [InlineData("""{"kty":"EC","crv":"secp256k1","x":"AQ","y":"AQ"}""", "has a crv that is none of P-256, P-384, P-521")]
    [InlineData("""{"kty":"OKP","crv":"X25519","x":"AQ"}""", "has a crv that is not Ed25519")]
    [InlineData("""{"kty":"oct","k":"AQ"}""", "has a secret that is not 32 to 1024 bytes long")]
    [InlineData("""{"kty":7}""", "has no text in kty")]
    [InlineData("{}", "has a kty that is none of RSA, EC, OKP, oct")]
    [InlineData("7", "is no object")]
    public void Key_Unusable_IsLeftOutAndSaysWhy(string key, string why)
    {
        string text = Issuer.Set(key.Replace("$n", Signer.RsaModulus, StringComparison.Ordinal), Signer.P256Key);

        Assert.True(JsonWebKeySet.TryParse(text, true, out JsonWebKeySet? set, out _));
        Assert.Equal(1, set.Count);
        Assert.Equal(["keys[0] " + why], set.Ignored);
    }

    [Fact]
    public void Key_WithAlg_SignsByNoOther()
    {
        string key = Signer.RsaKey.Replace("\"kid\"", "\"alg\":\"PS256\",\"kid\"", StringComparison.Ordinal);
        Asked asked = new(Asked.Rule(Issuer.Set(key)));

        Assert.Equal(TokenOutcome.Valid, asked.Bearer(Signer.Token("PS256")).Outcome);
        Assert.Equal(TokenProblem.KeyUnknown, asked.Bearer(Signer.Token("RS256")).Refusal?.Problem);
    }

    [Theory]
    [InlineData("", "is no JSON Web Key Set: an object with a list of keys")]
    [InlineData("[]", "is no JSON Web Key Set: an object with a list of keys")]
    [InlineData("{}", "is no JSON Web Key Set: an object with a list of keys")]
    [InlineData("""{"keys":{}}""", "is no JSON Web Key Set: an object with a list of keys")]
    [InlineData("""{"keys":[],"keys":[]}""", "is no JSON Web Key Set: an object with a list of keys")]
    [InlineData("""{"keys":[]}""", "has no keys")]
    [InlineData("""{"keys":[{"kty":"X"}]}""", "has no usable key: keys[0] has a kty that is none of RSA, EC, OKP, oct")]
    [InlineData("<html>", "is no JSON Web Key Set: an object with a list of keys")]
    public void KeySet_Bad_SaysWhy(string text, string why)
    {
        Assert.False(JsonWebKeySet.TryParse(text, true, out _, out string? problem));
        Assert.Equal(why, problem);
    }

    [Fact]
    public void KeySet_Bounds_Hold()
    {
        Assert.False(JsonWebKeySet.TryParse(Issuer.Set([.. Enumerable.Repeat("{}", 101)]), true, out _, out string? many));
        Assert.Equal("has 101 keys, at most 100 are allowed", many);
        Assert.False(JsonWebKeySet.TryParse(new string(' ', JsonWebKeySet.MaxLength + 1), true, out _, out string? longer));
        Assert.Contains("longer than", longer, StringComparison.Ordinal);
    }

    // RFC 7515 appendix A.1: HS256 with the key of A.1.1; RFC 7519 §3.1 has the same token.
    [Fact]
    public void Token_OfTheRfc_IsValidUntilItExpires()
    {
        const string token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        const string key = """{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}""";
        TokenRule rule = Asked.Rule(Issuer.Set(key), "joe");
        TokenPolicySet policies = TokenPolicySet.Of([new TokenPolicy { Name = new NamespacedName("shop", "rfc"), Rules = [rule] }]);
        Testing.ManualTime time = new(DateTimeOffset.FromUnixTimeSeconds(1300819380));
        TokenCheck check = new(NoTokenKeys.Instance, time);

        TokenResult result = check.Check(policies, Core.Requests.NoHeaders.Instance, "access_token=" + token);
        Assert.Equal(TokenOutcome.Valid, result.Outcome);
        Assert.Equal(JsonValueKind.True, result.Token!.Claims.GetProperty("http://example.com/is_root").ValueKind);

        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TokenProblem.Expired, check.Check(policies, Core.Requests.NoHeaders.Instance, "access_token=" + token).Refusal?.Problem);
    }

    // RFC 8037 appendix A.4: Ed25519 with the key of A.2; the payload there is no JSON, so the signature is checked alone.
    [Fact]
    public void Signature_OfRfc8037_Verifies()
    {
        Assert.True(JsonWebKeySet.TryParse("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""", false, out JsonWebKeySet? set, out string? problem), problem);
        byte[] signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"u8.ToArray();
        byte[] signature = System.Buffers.Text.Base64Url.DecodeFromChars("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        Policy.Tokens.Keys.TokenAlgorithm algorithm = Policy.Tokens.Keys.TokenAlgorithm.Find("EdDSA")!;

        Assert.True(set.Keys[0].Suits(algorithm, ""));
        Assert.True(set.Keys[0].Verifies(algorithm, signed, signature));
        signed[5] ^= 1;
        Assert.False(set.Keys[0].Verifies(algorithm, signed, signature));
    }

    private static JsonWebKeySet Parsed(string text) => JsonWebKeySet.TryParse(text, false, out JsonWebKeySet? set, out string? problem) ? set : throw new InvalidOperationException(problem);
}
