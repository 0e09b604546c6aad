using Ambient.Core.Routes;
using Ambient.Routing.Gateways;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Requests.Answering;

namespace Ambient.Waypoint.Requests.Routing;

/// <summary>Which rule takes the request.</summary>
internal static class RouteStep
{
    /// <summary>Null: a rule was found, or none is needed.</summary>
    public static OwnReply? Find(Exchange x)
    {
        RequestConnection connection = x.Connection;
        RouteMatcher? table;
        if (x.IsGateway)
        {
            if (AtGateway(x, out table) is { } reply)
            {
                return reply;
            }
        }
        else
        {
            table = connection.Service is { } service ? x.State.Routes.Mesh(service.Hostname, connection.Port, x.CallerNamespace) : null;
        }

        x.Service = x.Record.Service = connection.Service;
        if (table is null)
        {
            return null;
        }

        // A table of TLS or TCP routes alone says nothing about requests.
        if (table.Table.Http.IsEmpty && !x.IsGateway && !(table.Table.Tcp.IsEmpty && table.Table.Tls.IsEmpty))
        {
            return null;
        }

        if (table.Match(x.Facts) is not { } matched)
        {
            return NoRoute($"no rule of the routes for {table.Table.Host} takes {x.Facts.Method} {x.Facts.Path}");
        }

        x.Rule = matched.Rule;
        x.Match = matched.Match;
        x.Record.Route = matched.Rule.Origin;
        return null;
    }

    // By the listeners as they are now: the connection may be older.
    private static OwnReply? AtGateway(Exchange x, out RouteMatcher? table)
    {
        table = null;
        if (x.State.Gateway?.Find(x.Connection.Port) is not { } port)
        {
            return NoRoute($"the gateway has no port {x.Connection.Port} any more");
        }

        GatewayMatch match = port.ForHost(x.State.Routes, x.Host, x.Connection.TlsListener);
        table = match.Routes;
        return match.Outcome switch
        {
            GatewayOutcome.Found when match.Listener?.Invalid is { } invalid => new OwnReply(503, ReasonCodes.NoRoute, invalid, ResponseFlags.NoRoute),
            GatewayOutcome.Found when match.Listener is { MeshOnly: true } && x.Connection.Caller.VerifiedId is null =>
                new OwnReply(403, ReasonCodes.PolicyDenied, "the server is only for connections of the mesh (ISTIO_MUTUAL)", ResponseFlags.UnauthorizedExternalService),
            GatewayOutcome.Found => null,
            GatewayOutcome.Misdirected => new OwnReply(421, ReasonCodes.Misdirected, match.Reason, ResponseFlags.NoRoute),
            GatewayOutcome.HttpsRedirect => ToHttps(x),
            _ => NoRoute(match.Reason),
        };
    }

    private static OwnReply ToHttps(Exchange x) => new(301, "", "")
    {
        Body = ReadOnlyMemory<byte>.Empty,
        Headers = [new HeaderValue("location", $"https://{x.Host}{x.Target.Path}{(x.Target.HasQuery ? $"?{x.Target.Query}" : "")}")],
        AsHttp = true,
    };

    private static OwnReply NoRoute(string why) => new(404, ReasonCodes.NoRoute, why, ResponseFlags.NoRoute);
}
