using Ambient.Core.Policies.Providers;
using Ambient.Core.Routes;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Authorization;

/// <summary>
/// The request in question as an HTTP request to the provider: its method, its path behind the prefix, its authority, <c>authorization</c>, and the
/// headers that the provider is to see.
/// </summary>
internal static class HttpQuestion
{
    private static readonly UriCreationOptions s_asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Null: the request has no path, so it cannot be shown.</summary>
    public static HttpRequestMessage? Of(AuthorizationProvider provider, UpstreamKey key, ProviderQuestion question, ReadOnlyMemory<byte> body)
    {
        if (question.Request.Path is null)
        {
            return null;
        }

        var request = new HttpRequestMessage(new HttpMethod(question.Request.Method), new Uri($"{key.Prefix.TrimEnd('/')}{provider.PathPrefix}{question.Target}", s_asWritten))
        {
            Version = key.Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body.IsEmpty ? null : new ReadOnlyMemoryContent(body),
        };
        request.Headers.Host = question.Request.Authority;
        foreach (var (name, values) in question.Headers)
        {
            if (!HeaderPatterns.IsOfConnection(name) && name[0] != ':'
                && (string.Equals(name, "authorization", StringComparison.OrdinalIgnoreCase) || HeaderPatterns.Includes(provider.RequestHeaders, name)))
            {
                Add(request, name, values);
            }
        }

        foreach (HeaderValue header in provider.FurtherHeaders)
        {
            request.Headers.Remove(header.Name);
            Add(request, header.Name, [header.Value]);
        }

        return request;
    }

    private static void Add(HttpRequestMessage request, string name, IEnumerable<string?> values)
    {
        if (!request.Headers.TryAddWithoutValidation(name, values))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, values);
        }
    }
}
