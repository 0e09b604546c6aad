using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Policies.Providers;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Authorization;

/// <summary>What an HTTP provider says: 200 allows, 5xx is no answer, anything else is its answer to the client.</summary>
internal static class HttpAnswer
{
    private const int MaxBody = 64 * 1024;

    /// <summary>Comma separated names in an allowing answer that the request loses.</summary>
    private const string Remove = "x-envoy-auth-headers-to-remove";

    // What a refusal always carries when its headers are chosen.
    private static readonly ImmutableArray<string> s_always = ["www-authenticate", "location", "content-type"];

    /// <summary>Null: it failed.</summary>
    public static async ValueTask<ProviderAnswer?> ReadAsync(AuthorizationProvider provider, HttpResponseMessage answer, CancellationToken stop)
    {
        if ((int)answer.StatusCode >= 500)
        {
            return null;
        }

        List<HeaderValue> headers = [.. answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .SelectMany(static h => h.Value.Select(v => new HeaderValue(h.Key.ToLowerInvariant(), v)))
            .Where(static h => !HeaderPatterns.IsOfConnection(h.Name) && IsValue(h.Value))];
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            return new ProviderAnswer
            {
                Allowed = true,
                RequestHeaders = new HeaderChange
                {
                    Remove = [.. headers.Where(static h => h.Name == Remove).SelectMany(static h => h.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                        .Select(static n => n.ToLowerInvariant()).Where(static n => !HeaderPatterns.IsOfConnection(n))],
                    Set = Joined(headers.Where(h => HeaderPatterns.Includes(provider.HeadersUpstream, h.Name))),
                },
                ResponseHeaders = [.. headers.Where(h => HeaderPatterns.Includes(provider.HeadersDownstreamOnAllow, h.Name))],
            };
        }

        ImmutableArray<string> told = provider.HeadersDownstreamOnDeny;
        return new ProviderAnswer
        {
            Allowed = false,
            Status = (int)answer.StatusCode is >= 300 and < 500 and var status ? status : 403,
            Reason = $"denied by authorization provider {provider.Name}",
            Body = await BodyAsync(answer, stop),
            ResponseHeaders = [.. headers.Where(h => told.IsEmpty || s_always.Contains(h.Name) || HeaderPatterns.Includes(told, h.Name))],
        };
    }

    /// <summary>One value of each name: what the backend would have joined itself.</summary>
    private static ImmutableArray<HeaderValue> Joined(IEnumerable<HeaderValue> headers) =>
        [.. headers.GroupBy(static h => h.Name, StringComparer.Ordinal).Select(static g => new HeaderValue(g.Key, string.Join(", ", g.Select(static h => h.Value))))];

    private static bool IsValue(string value) => !value.AsSpan().ContainsAny('\r', '\n', '\0');

    private static async ValueTask<ReadOnlyMemory<byte>> BodyAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        await using Stream stream = await answer.Content.ReadAsStreamAsync(stop);
        byte[] body = new byte[MaxBody];
        int length = await stream.ReadAtLeastAsync(body, MaxBody, throwOnEndOfStream: false, stop);
        return body.AsMemory(0, length);
    }
}
