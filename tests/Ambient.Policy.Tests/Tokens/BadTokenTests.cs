using System.Globalization;
using System.Text;
using Ambient.Policy.Tokens;

namespace Ambient.Policy.Tests.Tokens;

public class BadTokenTests
{
    private static readonly Issuer Signer = new();

    private static readonly string Good = Signer.Token();

    private static readonly Dictionary<string, (TokenProblem Problem, Func<string> Token)> Rows = new()
    {
        // Shape (RFC 7515 §3.1, §7.1).
        ["no dot"] = (TokenProblem.Malformed, () => "abc"),
        ["one dot"] = (TokenProblem.Malformed, () => "abc.def"),
        ["only dots"] = (TokenProblem.Malformed, () => ".."),
        ["four parts"] = (TokenProblem.Malformed, () => Good + ".AAAA"),
        ["five parts (JWE)"] = (TokenProblem.Malformed, () => "eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA"),
        ["leading dot"] = (TokenProblem.Malformed, () => "." + Good),
        ["trailing dot"] = (TokenProblem.Malformed, () => Good + "."),
        ["empty header"] = (TokenProblem.Malformed, () => Good[Good.IndexOf('.', StringComparison.Ordinal)..]),
        ["empty payload"] = (TokenProblem.Malformed, () => Signer.Signed(Issuer.Text(Issuer.Header("RS256")) + ".")),
        ["JSON serialisation"] = (TokenProblem.Malformed, () => """{"payload":"e30","protected":"e30","signature":"AAAA"}"""),
        ["opaque token"] = (TokenProblem.Malformed, () => "2YotnFZFEjr1zCsicMWpAA"),
        ["too long"] = (TokenProblem.TooLong, () => Signer.Token(claims: Issuer.Claims($"\"x\":\"{new string('a', 13_000)}\""))),

        // base64url (RFC 7515 §2).
        ["padding in signature"] = (TokenProblem.Malformed, () => Good + "=="),
        ["padding in header"] = (TokenProblem.Malformed, () => Good.Insert(Good.IndexOf('.', StringComparison.Ordinal), "=")),
        ["standard alphabet plus"] = (TokenProblem.Malformed, () => Good[..^2] + "+A"),
        ["standard alphabet slash"] = (TokenProblem.Malformed, () => Good[..^2] + "/A"),
        ["space inside"] = (TokenProblem.Malformed, () => Good.Insert(5, " ")),
        ["line break inside"] = (TokenProblem.Malformed, () => Good.Insert(5, "\n")),
        ["NUL inside"] = (TokenProblem.Malformed, () => Good.Insert(5, "\0")),
        ["percent escape"] = (TokenProblem.Malformed, () => Good.Replace(".", "%2E", StringComparison.Ordinal)),
        ["not ASCII"] = (TokenProblem.Malformed, () => Good[..^1] + "é"),
        ["full-width letter"] = (TokenProblem.Malformed, () => "ｅ" + Good[1..]),
        ["length 1 modulo 4"] = (TokenProblem.Malformed, () => Good + "AAA"),
        ["unused bits set in signature"] = (TokenProblem.Malformed, () => Dirty(Good)),

        // JSON (RFC 7519 §4, RFC 8725 §3).
        ["header is no JSON"] = (TokenProblem.Malformed, () => Signer.Raw("alg:RS256", Issuer.Claims())),
        ["header is a list"] = (TokenProblem.Malformed, () => Signer.Raw("""["RS256"]""", Issuer.Claims())),
        ["header with comment"] = (TokenProblem.Malformed, () => Signer.Raw("""{"alg":"RS256"/*x*/}""", Issuer.Claims())),
        ["header with trailing comma"] = (TokenProblem.Malformed, () => Signer.Raw("""{"alg":"RS256",}""", Issuer.Claims())),
        ["header followed by more"] = (TokenProblem.Malformed, () => Signer.Raw("""{"alg":"RS256"}{}""", Issuer.Claims())),
        ["duplicate alg"] = (TokenProblem.Malformed, () => Signer.Raw("""{"alg":"none","alg":"RS256"}""", Issuer.Claims())),
        ["duplicate alg by escape"] = (TokenProblem.Malformed, () => Signer.Raw("""{"alg":"none","\u0061lg":"RS256"}""", Issuer.Claims())),
        ["duplicate iss"] = (TokenProblem.Malformed, () => Signer.Token(claims: $$"""{"iss":"https://evil.example","iss":"{{Issuer.Name}}"}""")),
        ["duplicate inside a claim"] = (TokenProblem.Malformed, () => Signer.Token(claims: Issuer.Claims("""  "realm":{"role":"user","role":"admin"}  """))),
        ["too deep"] = (TokenProblem.Malformed, () => Signer.Token(claims: Issuer.Claims($"\"x\":{new string('[', 100)}{new string(']', 100)}"))),
        ["very deep"] = (TokenProblem.Malformed, () => Signer.Raw(Issuer.Header("RS256"), new string('[', 8000))),
        ["payload is text"] = (TokenProblem.Malformed, () => Signer.Token(claims: "\"hello\"")),
        ["payload is a list"] = (TokenProblem.Malformed, () => Signer.Token(claims: "[]")),
        ["payload is null"] = (TokenProblem.Malformed, () => Signer.Token(claims: "null")),
        ["payload is a token"] = (TokenProblem.Malformed, () => Signer.Token(claims: Good)),
        ["payload is not UTF-8"] = (TokenProblem.Malformed, () => Signer.Signed($"{Issuer.Text(Issuer.Header("RS256"))}.{Issuer.Text([.. "{\"iss\":\""u8, 0xff, .. "\"}"u8])}")),
        ["payload has a byte order mark"] = (TokenProblem.Malformed, () => Signer.Token(claims: "\ufeff" + Issuer.Claims())),
        ["half a surrogate"] = (TokenProblem.Malformed, () => Signer.Token(claims: Issuer.Claims("\"x\":\"\\ud800\""))),
        ["half a surrogate in a name"] = (TokenProblem.Malformed, () => Signer.Token(claims: Issuer.Claims("\"\\udc00\":1"))),
        ["NaN"] = (TokenProblem.Malformed, () => Signer.Token(claims: Issuer.Claims("\"exp\":NaN"))),

        // Header (RFC 7515 §4, RFC 8725 §3.1).
        ["alg none"] = (TokenProblem.Header, () => $"{Issuer.Text("""{"alg":"none"}""")}.{Issuer.Text(Issuer.Claims())}."),
        ["alg None"] = (TokenProblem.Header, () => $"{Issuer.Text("""{"alg":"None"}""")}.{Issuer.Text(Issuer.Claims())}."),
        ["alg none with a signature"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"none","kid":"rsa"}""", Issuer.Claims())),
        ["no alg"] = (TokenProblem.Header, () => Signer.Raw("""{"kid":"rsa"}""", Issuer.Claims())),
        ["alg empty"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":""}""", Issuer.Claims())),
        ["alg null"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":null}""", Issuer.Claims())),
        ["alg is a number"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":256}""", Issuer.Claims())),
        ["alg in lower case"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"rs256"}""", Issuer.Claims())),
        ["alg with a space"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"RS256 "}""", Issuer.Claims())),
        ["alg of encryption"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"RSA-OAEP"}""", Issuer.Claims())),
        ["alg ES256K"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"ES256K"}""", Issuer.Claims())),
        ["crit"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"RS256","kid":"rsa","crit":["exp"],"exp":1}""", Issuer.Claims())),
        ["crit empty"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"RS256","kid":"rsa","crit":[]}""", Issuer.Claims())),
        ["payload not encoded"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"RS256","kid":"rsa","b64":false,"crit":["b64"]}""", Issuer.Claims())),
        ["kid is a number"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"RS256","kid":1}""", Issuer.Claims())),
        ["kid is a list"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"RS256","kid":["rsa"]}""", Issuer.Claims())),
        ["zip"] = (TokenProblem.Header, () => Signer.Raw("""{"alg":"RS256","kid":"rsa","zip":"DEF"}""", Issuer.Claims())),

        // Keys.
        ["unknown kid"] = (TokenProblem.KeyUnknown, () => Signer.Raw("""{"alg":"RS256","kid":"other"}""", Issuer.Claims())),
        ["kid in other case"] = (TokenProblem.KeyUnknown, () => Signer.Raw("""{"alg":"RS256","kid":"RSA"}""", Issuer.Claims())),
        ["kid as a path"] = (TokenProblem.KeyUnknown, () => Signer.Raw("""{"alg":"RS256","kid":"../../dev/null"}""", Issuer.Claims())),
        ["kid of another family"] = (TokenProblem.KeyUnknown, () => Signer.Raw("""{"alg":"RS256","kid":"p256"}""", Issuer.Claims())),
        ["curve of another alg"] = (TokenProblem.KeyUnknown, () => Signer.Raw("""{"alg":"ES384","kid":"p256"}""", Issuer.Claims(), "ES256")),
        ["public key as HMAC secret"] = (TokenProblem.KeyUnknown, () => Signer.Raw("""{"alg":"HS256","kid":"rsa"}""", Issuer.Claims(), "HS256")),
        ["HS256 without kid"] = (TokenProblem.KeyUnknown, () => Signer.Raw("""{"alg":"HS256"}""", Issuer.Claims(), "HS256")),
        ["EdDSA without such a key"] = (TokenProblem.KeyUnknown, () => Signer.Raw("""{"alg":"EdDSA"}""", Issuer.Claims())),

        // Signature.
        ["no signature"] = (TokenProblem.Signature, () => Good[..(Good.LastIndexOf('.') + 1)]),
        ["signature of zeros"] = (TokenProblem.Signature, () => Good[..(Good.LastIndexOf('.') + 1)] + Issuer.Text(new byte[256])),
        ["signature cut"] = (TokenProblem.Signature, () => Good[..(Good.LastIndexOf('.') + 1)] + Issuer.Text(new byte[255])),
        ["signature longer"] = (TokenProblem.Signature, () => Good[..(Good.LastIndexOf('.') + 1)] + Issuer.Text(new byte[512])),
        ["signature of another key"] = (TokenProblem.Signature, () => new Issuer().Token()),
        ["payload changed"] = (TokenProblem.Signature, () => Swapped(Good, 1, Issuer.Claims("\"admin\":true"))),
        ["header changed"] = (TokenProblem.Signature, () => Swapped(Good, 0, """{"alg":"RS256","kid":"rsa"}""")),
        ["RS384 signed as RS256"] = (TokenProblem.Signature, () => Signer.Raw("""{"alg":"RS384","kid":"rsa"}""", Issuer.Claims())),
        ["PS256 signed as RS256"] = (TokenProblem.Signature, () => Signer.Raw("""{"alg":"PS256","kid":"rsa"}""", Issuer.Claims())),
        ["RS256 signed as PS256"] = (TokenProblem.Signature, () => Signer.Raw("""{"alg":"RS256","kid":"rsa"}""", Issuer.Claims(), "PS256")),
        ["ECDSA signature of zeros"] = (TokenProblem.Signature, () => $"{Issuer.Text(Issuer.Header("ES256"))}.{Issuer.Text(Issuer.Claims())}.{Issuer.Text(new byte[64])}"),
        ["ECDSA signature as DER"] = (TokenProblem.Signature, () => $"{Issuer.Text(Issuer.Header("ES256"))}.{Issuer.Text(Issuer.Claims())}.{Issuer.Text([0x30, 0x06, 2, 1, 1, 2, 1, 1])}"),
        ["jwk of the sender"] = (TokenProblem.Signature, () => Embedded(new Issuer())),

        // Claims (RFC 7519 §4.1).
        ["expired"] = (TokenProblem.Expired, () => Signer.Token(claims: Issuer.Claims($"\"exp\":{Asked.Now - 61}"))),
        ["expired by leeway to the second"] = (TokenProblem.Expired, () => Signer.Token(claims: Issuer.Claims($"\"exp\":{Asked.Now - 60}"))),
        ["expired at zero"] = (TokenProblem.Expired, () => Signer.Token(claims: Issuer.Claims("\"exp\":0"))),
        ["expired below zero"] = (TokenProblem.Expired, () => Signer.Token(claims: Issuer.Claims("\"exp\":-1"))),
        ["expired with a fraction"] = (TokenProblem.Expired, () => Signer.Token(claims: Issuer.Claims($"\"exp\":{Asked.Now - 61}.5"))),
        ["exp is text"] = (TokenProblem.Claims, () => Signer.Token(claims: Issuer.Claims($"\"exp\":\"{Asked.Now + 60}\""))),
        ["exp is null"] = (TokenProblem.Claims, () => Signer.Token(claims: Issuer.Claims("\"exp\":null"))),
        ["exp is endless"] = (TokenProblem.Claims, () => Signer.Token(claims: Issuer.Claims("\"exp\":1e999"))),
        ["not yet valid"] = (TokenProblem.NotYetValid, () => Signer.Token(claims: Issuer.Claims($"\"nbf\":{Asked.Now + 61}"))),
        ["nbf is a list"] = (TokenProblem.Claims, () => Signer.Token(claims: Issuer.Claims("\"nbf\":[0]"))),
        ["iat is text"] = (TokenProblem.Claims, () => Signer.Token(claims: Issuer.Claims("\"iat\":\"now\""))),
        ["no issuer"] = (TokenProblem.Issuer, () => Signer.Token(claims: """{"sub":"alice"}""")),
        ["other issuer"] = (TokenProblem.Issuer, () => Signer.Token(claims: """{"iss":"https://evil.example"}""")),
        ["issuer with a slash more"] = (TokenProblem.Issuer, () => Signer.Token(claims: $$"""{"iss":"{{Issuer.Name}}/"}""")),
        ["issuer in other case"] = (TokenProblem.Issuer, () => Signer.Token(claims: $$"""{"iss":"{{Issuer.Name.ToUpperInvariant()}}"}""")),
        ["issuer is a list"] = (TokenProblem.Claims, () => Signer.Token(claims: $$"""{"iss":["{{Issuer.Name}}"]}""")),
        ["sub is a number"] = (TokenProblem.Claims, () => Signer.Token(claims: $$"""{"iss":"{{Issuer.Name}}","sub":7}""")),
        ["aud is a number"] = (TokenProblem.Claims, () => Signer.Token(claims: Issuer.Claims("\"aud\":7"))),
        ["aud holds a number"] = (TokenProblem.Claims, () => Signer.Token(claims: Issuer.Claims("\"aud\":[\"shop\",7]"))),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Token_Bad_IsRefusedForItsReason(string row)
    {
        Asked asked = new(Asked.Rule(Signer.Keys));
        (TokenProblem problem, Func<string> token) = Rows[row];

        TokenResult result = asked.Bearer(token());

        Assert.Equal((TokenOutcome.Refused, problem), (result.Outcome, result.Refusal!.Problem));
        Assert.Null(result.Token);
        Assert.StartsWith("Bearer error=\"invalid_token\", error_description=\"", result.Refusal.WwwAuthenticate, StringComparison.Ordinal);
        Assert.True(Ascii.IsValid(result.Refusal.Reason), result.Refusal.Reason);
        Assert.DoesNotContain("evil", result.Refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("RequestAuthentication shop/tokens", result.Refusal.Policy?.ToString());
    }

    [Fact]
    public void Rows_AreMany() => Assert.True(Rows.Count >= 60, Rows.Count.ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void Token_WithAnyOneCharacterChanged_IsRefused()
    {
        Asked asked = new(Asked.Rule(Signer.Keys));
        string token = Signer.Token("ES256");
        for (int i = 0; i < token.Length; i++)
        {
            string changed = $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}";

            Assert.Equal(TokenOutcome.Refused, asked.Bearer(changed).Outcome);
        }
    }

    [Fact]
    public void Token_OfRandomText_IsRefusedAndNeverThrows()
    {
        Random random = new(7);
        Asked asked = new(Asked.Rule(Signer.Keys));
        for (int i = 0; i < 3000; i++)
        {
            char[] text = Good.ToCharArray();
            for (int n = random.Next(1, 12); n > 0; n--)
            {
                text[random.Next(text.Length)] = (char)random.Next(i % 2 == 0 ? 128 : 0x2000);
            }

            TokenOutcome outcome = asked.Bearer(new string(text)).Outcome;

            Assert.True(outcome != TokenOutcome.Valid || Good.AsSpan().SequenceEqual(text), new string(text));
        }
    }

    private static string Swapped(string token, int at, string part)
    {
        string[] parts = token.Split('.');
        parts[at] = Issuer.Text(part);
        return string.Join('.', parts);
    }

    private static string Embedded(Issuer thief) =>
        thief.Raw($$"""{"alg":"RS256","kid":"rsa","jwk":{{thief.RsaKey}},"jku":"https://evil.example/jwks","x5c":["AAAA"]}""", Issuer.Claims());

    // 256 bytes leave 4 unused bits in the last character.
    private static string Dirty(string token)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + alphabet[alphabet.IndexOf(token[^1], StringComparison.Ordinal) | 1];
    }
}
