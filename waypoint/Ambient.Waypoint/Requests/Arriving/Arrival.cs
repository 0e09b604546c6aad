using Ambient.Core.Identity;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Requests.Answering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ambient.Waypoint.Requests.Arriving;

/// <summary>
/// Makes of what came one request that everybody after reads the same way: routes, policies and the endpoint. What could be read in two ways
/// is refused.
/// </summary>
internal sealed class Arrival(Func<SpiffeId> own, TimeProvider time)
{
    private readonly ForwardedHeaders _forwarded = new(own);

    /// <summary>Null: the request is in order.</summary>
    public OwnReply? Take(Exchange x)
    {
        HttpRequest request = x.Http.Request;
        RequestRecord record = x.Record;
        x.IsGrpc = record.IsGrpc = GrpcText.IsGrpc(request.ContentType);
        bool overHttp2 = x.Http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
        x.IsWebSocket = overHttp2 || string.Equals(x.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase);

        // A WebSocket is the same request whatever it came by (RFC 8441 §5): routes and policies see one method.
        record.Method = overHttp2 ? HttpMethods.Get : request.Method;
        record.Protocol = request.Protocol;
        record.UserAgent = x.Headers.UserAgent;

        string? wrong = RequestTarget.TryRead(x.Http, out string target, out string? code)
            ?? HeaderGuard.Check(x.Http, x.IsGateway)
            ?? ReadAuthority(x, request);
        record.Path = target;
        if (wrong is not null)
        {
            return Refused(code ?? ReasonCodes.Smuggling, wrong);
        }

        if (!PathCanonicaliser.TryRead(target, x.State.Snapshot.Settings.PathNormalization, out CanonicalTarget canonical, out string? reason))
        {
            return Refused(ReasonCodes.AmbiguousPath, reason);
        }

        x.Target = canonical;
        record.Scheme = x.IsGateway ? (x.Connection.IsTls ? "https" : "http") : request.Scheme;
        _forwarded.Rewrite(x);
        x.Clock = new RequestClock(time, record.Started, x);
        x.Facts = new RequestFacts
        {
            Method = record.Method,
            Scheme = record.Scheme,
            Authority = x.Authority,
            Path = canonical.Path,
            Query = canonical.Query,
            Headers = x,
            Port = x.Connection.Port,
            SourceNamespace = x.CallerNamespace,
            SourceLabels = x.Connection.CallerWorkload?.Labels,
        };
        return null;
    }

    // HTTP/1.0 need not name a host: then it is the one that was connected to.
    private static string? ReadAuthority(Exchange x, HttpRequest request)
    {
        string? authority = request.Host.Value;
        if (string.IsNullOrEmpty(authority))
        {
            authority = x.Connection.Service?.Hostname ?? x.Connection.Destination?.ToString();
            if (authority is not null)
            {
                request.Host = new HostString(authority);
            }
        }

        if (!RequestAuthority.TryParse(authority, out RequestAuthority parsed))
        {
            x.Record.Authority = "";
            return "the request names no host, or not one that a host can be";
        }

        x.Authority = x.Record.Authority = authority;
        x.Host = parsed.Host;
        return null;
    }

    private static OwnReply Refused(string code, string why) => new(400, code, why, ResponseFlags.DownstreamProtocolError);
}
