using System.Net.Http.Headers;
using Ambient.Routing.Rewriting;
using Ambient.Routing.Timing;
using Ambient.Waypoint.Requests.Answering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>The request's head as it goes on.</summary>
internal static class RequestCopy
{
    public const string AttemptCount = "x-envoy-attempt-count";

    // The target is canonical already; another reading of it would be another path than the one that policies saw.
    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The route's changes of the request's headers.</summary>
    public static void Change(Exchange x)
    {
        if (x.Rule.RequestHeaders.IsEmpty && x.Backend?.RequestHeaders.IsEmpty != false)
        {
            return;
        }

        HeaderChanges.ApplyToRequest(x.Rule, x.Backend, new HeaderEditor(x.Headers, authority => x.ForwardAuthority = authority));
    }

    /// <summary>Headers of the request into the message; those about its content go with the content.</summary>
    public static void Fill(Exchange x, HttpRequestMessage message)
    {
        message.Content = x.Body;
        foreach ((string name, StringValues values) in x.Headers)
        {
            if (!HopHeaders.StayHere(name))
            {
                Add(message, name, values);
            }
        }

        if (TeTrailers(x.Headers))
        {
            message.Headers.TryAddWithoutValidation("TE", "trailers");
        }

        message.Headers.Host = x.ForwardAuthority;
    }

    /// <summary>What differs from attempt to attempt.</summary>
    public static void Stamp(Exchange x, HttpRequestMessage message, Uri uri, int attempt, TimeSpan? time)
    {
        message.RequestUri = uri;
        HttpRequestHeaders headers = message.Headers;
        Set(headers, AttemptCount, attempt == 1 ? "1" : attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (time is { } left)
        {
            Set(headers, RequestDeadline.ExpectedHeader, RequestDeadline.Format(left));
            if (x.IsGrpc && x.Clock.CallerWaits)
            {
                Set(headers, GrpcTimeout.Header, GrpcTimeout.Format(left));
            }
        }
    }

    /// <param name="prefix"><c>http://authority/</c>.</param>
    public static Uri UriOf(string prefix, string target) => new(string.Concat(prefix.AsSpan(0, prefix.Length - 1), target), in s_asItIs);

    private static void Add(HttpRequestMessage message, string name, StringValues values)
    {
        bool taken = values.Count == 1
            ? message.Headers.TryAddWithoutValidation(name, values[0])
            : message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        if (taken || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        message.Content ??= new EmptyBody();
        message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
    }

    private static void Set(HttpRequestHeaders headers, string name, string value)
    {
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }

    private static bool TeTrailers(IHeaderDictionary headers)
    {
        foreach (string? te in headers.TE)
        {
            if (te?.Contains("trailers", StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }
}
