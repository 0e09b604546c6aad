using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>ConsistentHashLB: exactly one key, on a ring or in Maglev's table.</summary>
internal static class HashReader
{
    public static LoadBalancer Read(JsonView h)
    {
        var maglev = h["maglev"];
        int table = maglev.Exists ? maglev.Whole("tableSize", 2, 5_000_011, 65537) : 65537;
        if (!IsPrime(table))
        {
            throw new FieldException($"{maglev.Path}.tableSize", $"{table} is not a prime; Maglev needs one, for example 65537");
        }

        long? ring = h["ringHash"].Number("minimumRingSize") ?? h.Number("minimumRingSize");
        return ring is < 0 or > 8_388_608
            ? throw new FieldException($"{h.Path}.ringHash.minimumRingSize", $"{ring} is out of range (0 to 8388608)")
            : new LoadBalancer
            {
                Kind = maglev.Exists ? LoadBalancerKind.Maglev : LoadBalancerKind.RingHash,
                HashKey = Key(h),
                TableSize = table,
                MinRingSize = ring is > 0 ? (int)ring : LoadBalancer.Default.MinRingSize,
            };
    }

    private static HashKey Key(JsonView h)
    {
        var keys = new List<HashKey>();
        if (h.Text("httpHeaderName") is { Length: > 0 } header)
        {
            keys.Add(new HashKey(HashKeyKind.Header, RouteFields.HeaderName(header, $"{h.Path}.httpHeaderName")));
        }

        if (h["httpCookie"] is { Exists: true } cookie)
        {
            keys.Add(new HashKey(HashKeyKind.Cookie, cookie.Text("name") is { Length: > 0 } name ? name : throw new FieldException($"{cookie.Path}.name", "is required"))
            {
                CookieTtl = cookie.Duration("ttl"),
                CookiePath = cookie.Text("path"),
                CookieAttributes = [.. cookie.List("attributes").Select(static a => new HeaderValue(a.Text("name"), a.Text("value")))],
            });
        }

        if (h.Flag("useSourceIp"))
        {
            keys.Add(new HashKey(HashKeyKind.SourceAddress));
        }

        if (h.Text("httpQueryParameterName") is { Length: > 0 } parameter)
        {
            keys.Add(new HashKey(HashKeyKind.QueryParameter, parameter));
        }

        return keys is [var one] ? one
            : throw new FieldException(h.Path, "needs exactly one of httpHeaderName, httpCookie, useSourceIp and httpQueryParameterName");
    }

    private static bool IsPrime(int n)
    {
        for (int d = 2; (long)d * d <= n; d++)
        {
            if (n % d == 0)
            {
                return false;
            }
        }

        return n > 1;
    }
}
