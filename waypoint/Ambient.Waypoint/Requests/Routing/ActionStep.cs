using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Ambient.Core.Routes;
using Ambient.Routing.Choosing;
using Ambient.Routing.Rewriting;
using Ambient.Waypoint.Requests.Answering;

namespace Ambient.Waypoint.Requests.Routing;

/// <summary>Rules that answer themselves, and how the target looks that goes on.</summary>
internal static class ActionStep
{
    /// <summary>Cross-origin preflights that the rule answers; others get their headers with the answer.</summary>
    public static OwnReply? Cors(Exchange x)
    {
        if (x.Rule.Cors is not { } policy)
        {
            return null;
        }

        CorsDecision decision = CorsDecision.Of(policy, x.Http.Request.Method, x);
        if (decision.Answered)
        {
            return new OwnReply(200, "", "") { Headers = decision.Headers, Body = ReadOnlyMemory<byte>.Empty, AsHttp = true };
        }

        foreach (HeaderValue header in decision.Headers)
        {
            x.Answer(header.Name, header.Value);
        }

        return null;
    }

    public static OwnReply? Answer(Exchange x) => x.Rule.Action switch
    {
        RouteAction.Forward => x.NoEndpoint ?? Rewrite(x),
        RouteAction.Redirect redirect => Redirect(x, redirect.To),
        RouteAction.Respond respond => new OwnReply(respond.Status, "", "")
        {
            Body = ImmutableCollectionsMarshal.AsArray(respond.Body) ?? [],
            Headers = OfRule(x),
            AsHttp = true,
        },
        RouteAction.Fail fail => new OwnReply(
            fail.Status, ReasonCodes.RouteFails, fail.Reason, fail.Status == 404 ? ResponseFlags.NoRoute : ResponseFlags.NoClusterFound),
        _ => new OwnReply(500, ReasonCodes.Internal, "the route has an action that this proxy does not know"),
    };

    private static OwnReply Redirect(Exchange x, RedirectTo to) =>
        RedirectLocation.TryMake(to, x.Match?.Path, x.Facts, out string? location, out string? reason)
            ? new OwnReply(to.Status, "", "")
            {
                Body = ReadOnlyMemory<byte>.Empty,
                Headers = [new HeaderValue("location", location), .. OfRule(x)],
                AsHttp = true,
            }
            : new OwnReply(400, ReasonCodes.AmbiguousPath, reason, ResponseFlags.DownstreamProtocolError);

    private static ImmutableArray<HeaderValue> OfRule(Exchange x) => [.. x.Rule.ResponseHeaders.Set, .. x.Rule.ResponseHeaders.Add];

    private static OwnReply? Rewrite(Exchange x)
    {
        UrlRewrite? rewrite = x.Backend?.Rewrite ?? x.Rule.Rewrite;
        string path = x.Target.Path;
        if (rewrite?.Path is { } change)
        {
            if (!PathRewriter.TryRewrite(change, x.Match?.Path, path, out string? rewritten, out string? reason))
            {
                return new OwnReply(400, ReasonCodes.AmbiguousPath, reason, ResponseFlags.DownstreamProtocolError);
            }

            path = rewritten;
        }

        x.ForwardTarget = !x.Target.HasQuery || path.Contains('?', StringComparison.Ordinal) ? path : $"{path}?{x.Target.Query}";
        x.ForwardAuthority = rewrite?.Authority ?? x.Authority;
        return null;
    }
}
