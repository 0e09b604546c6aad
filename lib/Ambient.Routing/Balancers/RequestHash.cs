using System.Globalization;
using System.Net;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Balancers;

/// <summary>The key of a request for hashing balancers.</summary>
/// <param name="Hash">Null: the request has no key.</param>
/// <param name="SetCookie">A <c>set-cookie</c> value for the answer, when a cookie was made up; otherwise null.</param>
public readonly record struct RequestHash(ulong? Hash, string? SetCookie = null)
{
    public static RequestHash Of(HashKey key, RequestFacts facts, IPAddress source, Random random)
    {
        ArgumentNullException.ThrowIfNull(key);
        string? text = key.Kind switch
        {
            HashKeyKind.Header => facts.Headers.ValueOf(key.Name),
            HashKeyKind.Cookie => Cookie(facts.Headers.ValueOf("cookie"), key.Name),
            HashKeyKind.QueryParameter => QueryParameters.First(facts.Query, key.Name),
            HashKeyKind.SourceAddress => (source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source).ToString(),
            _ => throw new InvalidOperationException($"unknown hash key {key.Kind}"),
        };
        if (text is null && key is { Kind: HashKeyKind.Cookie, CookieTtl: { } ttl })
        {
            text = random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
            return new RequestHash(Hashing.Of(text), SetCookieOf(key, text, ttl));
        }

        return new RequestHash(text is null ? null : Hashing.Of(text));
    }

    private static string SetCookieOf(HashKey key, string value, TimeSpan ttl)
    {
        string age = ttl > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"; Max-Age={(long)ttl.TotalSeconds}") : "";
        string path = key.CookiePath.Length > 0 ? $"; Path={key.CookiePath}" : "";
        string attributes = string.Concat(key.CookieAttributes.Select(a => a.Value.Length > 0 ? $"; {a.Name}={a.Value}" : $"; {a.Name}"));
        return $"{key.Name}=\"{value}\"{age}{path}; HttpOnly{attributes}";
    }

    private static string? Cookie(string? header, string name)
    {
        if (header is null)
        {
            return null;
        }

        // HTTP/2 may send a cookie in crumbs, which join as lines do.
        foreach (string part in header.Split([';', ','], StringSplitOptions.TrimEntries))
        {
            if (part.Length > name.Length && part[name.Length] == '=' && part.StartsWith(name, StringComparison.Ordinal))
            {
                return part[(name.Length + 1)..].Trim('"');
            }
        }

        return null;
    }
}
