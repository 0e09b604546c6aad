using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Ambient.Core.Requests;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Choosing;

/// <summary>What a CORS policy does with a request (Fetch standard, "CORS protocol").</summary>
/// <param name="Answered">A preflight that the proxy answers itself, with 200 and <paramref name="Headers"/>; otherwise the request goes on.</param>
/// <param name="Headers">For the answer, or to be set on the backend's.</param>
public readonly record struct CorsDecision(bool Answered, ImmutableArray<HeaderValue> Headers)
{
    private static readonly ConditionalWeakTable<CorsPolicy, CompiledText[]> Origins = [];

    private static readonly CorsDecision Nothing = new(false, []);

    public static CorsDecision Of(CorsPolicy policy, string method, IRequestHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(headers);
        if (headers.ValueOf("origin") is not { } origin)
        {
            return Nothing;
        }

        string? asked = method == "OPTIONS" ? headers.ValueOf("access-control-request-method") : null;
        CompiledText[] origins = Origins.GetValue(policy, static p => [.. p.AllowOrigins.Select(o => new CompiledText(o))]);
        if (!origins.Any(o => o.Broken is null && o.Matches(origin)))
        {
            return asked is not null && !policy.ForwardUnmatchedPreflights ? new CorsDecision(true, []) : Nothing;
        }

        ImmutableArray<HeaderValue>.Builder made = ImmutableArray.CreateBuilder<HeaderValue>();
        made.Add(new HeaderValue("access-control-allow-origin", origin));
        if (policy.AllowCredentials)
        {
            made.Add(new HeaderValue("access-control-allow-credentials", "true"));
        }

        if (asked is null)
        {
            Add(made, "access-control-expose-headers", policy.ExposeHeaders, null);
            return new CorsDecision(false, made.ToImmutable());
        }

        // With credentials a star is no wildcard to browsers: then what was asked for is named.
        Add(made, "access-control-allow-methods", policy.AllowMethods, policy.AllowCredentials ? asked : null);
        Add(made, "access-control-allow-headers", policy.AllowHeaders,
            policy.AllowCredentials ? headers.ValueOf("access-control-request-headers") : null);
        if (policy.MaxAge is { } age)
        {
            made.Add(new HeaderValue("access-control-max-age", ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        }

        return new CorsDecision(true, made.ToImmutable());
    }

    private static void Add(ImmutableArray<HeaderValue>.Builder made, string name, ImmutableArray<string> values, string? insteadOfStar)
    {
        if (!values.IsEmpty)
        {
            made.Add(new HeaderValue(name, insteadOfStar is not null && values.Contains("*") ? insteadOfStar : string.Join(",", values)));
        }
    }
}
