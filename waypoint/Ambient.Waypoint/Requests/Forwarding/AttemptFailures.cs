using Ambient.Routing.Resilience;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>What an exception of an attempt means.</summary>
internal static class AttemptFailures
{
    // RFC 9113 §7: REFUSED_STREAM, "not processed"; ENHANCE_YOUR_CALM comes before anything was begun as well, but says to stay away.
    private const long RefusedStream = 0x7;

    /// <param name="timedOut">The attempt's own time was over.</param>
    public static AttemptFailure Of(Exception e, bool timedOut) => timedOut ? AttemptFailure.Timeout : Find<UpstreamDialException>(e) is not null
        ? AttemptFailure.Connect
        : e switch
        {
            HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError or HttpRequestError.VersionNegotiationError
            } => AttemptFailure.Connect,
            // Nobody cancelled it but the client itself: its time to connect was over.
            OperationCanceledException => AttemptFailure.Connect,
            _ => Find<HttpProtocolException>(e) is { ErrorCode: RefusedStream } ? AttemptFailure.RefusedStream : AttemptFailure.Reset,
        };

    /// <summary>The endpoint answered, but with something that is no HTTP.</summary>
    public static bool IsProtocolError(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded };

    /// <summary>The endpoint's proxy does not let the caller in.</summary>
    public static bool IsDenied(Exception? e) => Find<UpstreamDialException>(e) is { Failure: UpstreamDialFailure.Denied };

    /// <summary>The stream, not the connection, was reset.</summary>
    public static bool IsStreamReset(Exception? e) => Find<HttpProtocolException>(e) is not null;

    /// <summary>One line: what lies at the bottom.</summary>
    public static string Words(Exception e)
    {
        Exception inner = e;
        while (inner.InnerException is { } deeper && inner is not UpstreamDialException)
        {
            inner = deeper;
        }

        return inner.Message.ReplaceLineEndings(" ");
    }

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }
}
