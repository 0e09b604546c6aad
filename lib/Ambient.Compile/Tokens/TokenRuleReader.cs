using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Core.Policies.Tokens;
using Ambient.Policy.Tokens;
using Ambient.Resources.Istio.Security;

namespace Ambient.Compile.Tokens;

/// <summary>JWTRule (security.istio.io/v1) → <see cref="TokenRule"/>.</summary>
internal sealed class TokenRuleReader(RouteProblems problems)
{
    private static readonly TimeSpan LongestFetch = TimeSpan.FromMinutes(1);

    /// <summary>Headers that make a message what it is, or say who speaks.</summary>
    private static readonly string[] Ours =
    [
        "host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "proxy-connection", "expect", "ambient-caller",
    ];

    public TokenRule Read(JwtRule rule, string path) => new()
    {
        Issuer = Issuer(rule, path),
        Audiences = Texts(rule.Audiences, $"{path}.audiences"),
        Keys = Keys(rule, path),
        KeysUri = KeysUri(rule, path),
        FetchTimeout = Timeout(rule.Timeout, $"{path}.timeout"),
        FromHeaders = [.. (rule.FromHeaders ?? []).Select((h, i) => new TokenHeader(Header(h.Name, $"{path}.fromHeaders[{i}].name", false), Prefix(h.Prefix, $"{path}.fromHeaders[{i}].prefix")))],
        FromParameters = Texts(rule.FromParams, $"{path}.fromParams"),
        FromCookies = Texts(rule.FromCookies, $"{path}.fromCookies"),
        ForwardToken = rule.ForwardOriginalToken ?? false,
        PayloadHeader = rule.OutputPayloadToHeader is { Length: > 0 } header ? Header(header, $"{path}.outputPayloadToHeader", true) : "",
        ClaimHeaders = Claims(rule, path),
        SpaceDelimitedClaims = Texts(rule.SpaceDelimitedClaims, $"{path}.spaceDelimitedClaims"),
    };

    private string Issuer(JwtRule rule, string path)
    {
        string issuer = rule.Issuer ?? "";
        if (issuer.Length == 0)
        {
            problems.Error($"{path}.issuer", "is required");
        }
        else if (rule is { Jwks: null or "", JwksUri: null or "" } && !IsUri(issuer))
        {
            problems.Error($"{path}.issuer", $"'{RouteFields.Shortened(issuer)}' is no http or https address, so its keys cannot be found there; give jwks or jwksUri");
        }

        return issuer;
    }

    private string Keys(JwtRule rule, string path)
    {
        if (rule.Jwks is not { Length: > 0 } text)
        {
            return "";
        }

        if (rule.JwksUri is { Length: > 0 })
        {
            problems.Error($"{path}.jwksUri", "cannot stand together with jwks");
        }

        if (!JsonWebKeySet.TryParse(text, true, out JsonWebKeySet? set, out string? problem))
        {
            problems.Error($"{path}.jwks", problem);
            return text;
        }

        foreach (string ignored in set.Ignored)
        {
            problems.Warn(Reports.FindingCodes.TokenKeyIgnored, $"{path}.jwks", $"{ignored}; this key verifies nothing");
        }

        return text;
    }

    private string KeysUri(JwtRule rule, string path)
    {
        string uri = rule.JwksUri ?? "";
        if (uri.Length > 0 && !IsUri(uri))
        {
            problems.Error($"{path}.jwksUri", $"'{RouteFields.Shortened(uri)}' is no http or https address");
        }

        return uri;
    }

    private TimeSpan Timeout(string? text, string path)
    {
        if (text is not { Length: > 0 })
        {
            return TimeSpan.FromSeconds(5);
        }

        if (!GoDuration.TryParse(text, out TimeSpan timeout) || timeout <= TimeSpan.Zero || timeout > LongestFetch)
        {
            problems.Error(path, $"'{RouteFields.Shortened(text)}' is no duration up to {GoDuration.Format(LongestFetch)}; write for example 5s");
        }

        return timeout;
    }

    private ImmutableArray<ClaimHeader> Claims(JwtRule rule, string path)
    {
        var claims = ImmutableArray.CreateBuilder<ClaimHeader>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (claim, i) in (rule.OutputClaimToHeaders ?? []).Select(static (c, i) => (c, i)))
        {
            string at = $"{path}.outputClaimToHeaders[{i}]";
            string header = Header(claim.Header, $"{at}.header", true);
            if (!names.Add(header))
            {
                problems.Error($"{at}.header", $"'{header}' is there already");
            }

            if (claim.Claim is not { Length: > 0 })
            {
                problems.Error($"{at}.claim", "is required");
            }

            claims.Add(new ClaimHeader(header, claim.Claim ?? ""));
        }

        return claims.ToImmutable();
    }

    private string Header(string? name, string path, bool written)
    {
        string header = problems.Try(() => RouteFields.HeaderName(name ?? "", path)) ?? "";
        if (header.StartsWith(':') || (written && Ours.Contains(header)))
        {
            problems.Error(path, $"{header} is not a header that may be set");
        }

        return header;
    }

    private string Prefix(string? prefix, string path) => problems.Try(() => RouteFields.HeaderText(prefix ?? "", path)) ?? "";

    private ImmutableArray<string> Texts(IReadOnlyList<string>? values, string path)
    {
        for (int i = 0; i < (values?.Count ?? 0); i++)
        {
            if (values![i].Length == 0)
            {
                problems.Error($"{path}[{i}]", "must not be empty");
            }
        }

        return [.. values ?? []];
    }

    private static bool IsUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0;
}
