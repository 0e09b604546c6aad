using System.Net;
using Ambient.Core.Policies.Tokens;
using Ambient.Policy.Tokens;

namespace Ambient.Waypoint.Tokens;

/// <summary>One fetch of a key set: by discovery where the source says so, over a bounded number of redirects, of a bounded size, in bounded time.</summary>
internal sealed class KeySetFetcher(IKeyTransport transport, TimeProvider time)
{
    private const int MaxRedirects = 3;

    /// <exception cref="KeyFetchException">No set that can be used.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    public async Task<JsonWebKeySet> FetchAsync(TokenKeySource source, TimeSpan timeout, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            Uri at = new(source.Uri);
            if (source.Discovery)
            {
                at = await DiscoverAsync(source.Uri, both.Token);
            }

            byte[] body = await GetAsync(at, JsonWebKeySet.MaxLength, both.Token);
            return JsonWebKeySet.TryParse(body, allowSymmetric: false, out JsonWebKeySet? set, out string? problem)
                ? set
                : throw new KeyFetchException($"the key set at {at} {problem}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new KeyFetchException($"{source.Uri} did not answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException as KeyFetchException ?? new KeyFetchException($"{source.Uri}: {e.Message}");
        }
        catch (IOException e) when (e is not KeyFetchException)
        {
            throw new KeyFetchException($"{source.Uri}: {e.Message}");
        }
    }

    private async Task<Uri> DiscoverAsync(string issuer, CancellationToken stop)
    {
        Uri at = new(OpenIdConfiguration.UriOf(issuer));
        byte[] document = await GetAsync(at, OpenIdConfiguration.MaxLength, stop);
        return !OpenIdConfiguration.TryRead(document, issuer, out Uri? keys, out string? problem) ? throw new KeyFetchException($"the configuration at {at} {problem}")
            : IsWeaker(at, keys) ? throw new KeyFetchException($"the configuration at {at} leads from https to {keys}")
            : keys;
    }

    private async Task<byte[]> GetAsync(Uri at, int most, CancellationToken stop)
    {
        for (int redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            request.Headers.TryAddWithoutValidation("accept", "application/json, application/jwk-set+json");
            using HttpResponseMessage answer = await transport.SendAsync(request, stop);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return await BodyAsync(answer, at, most, stop);
            }

            if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || answer.Headers.Location is not { } location)
            {
                throw new KeyFetchException($"{at} answered {(int)answer.StatusCode}");
            }

            Uri next = new(at, location);
            if (redirects == MaxRedirects || next.Scheme is not ("http" or "https") || next.UserInfo.Length > 0 || IsWeaker(at, next))
            {
                throw new KeyFetchException(redirects == MaxRedirects ? $"{at} redirects more than {MaxRedirects} times" : $"{at} redirects to {next}, which is not followed");
            }

            at = next;
        }
    }

    private static bool IsWeaker(Uri from, Uri to) => from.Scheme == "https" && to.Scheme != "https";

    private static async Task<byte[]> BodyAsync(HttpResponseMessage answer, Uri at, int most, CancellationToken stop)
    {
        await using Stream stream = await answer.Content.ReadAsStreamAsync(stop);
        using var body = new MemoryStream();
        byte[] buffer = new byte[8192];
        for (int read = await stream.ReadAsync(buffer, stop); read > 0; read = await stream.ReadAsync(buffer, stop))
        {
            if (body.Length + read > most)
            {
                throw new KeyFetchException($"the answer of {at} is longer than {most} bytes");
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
