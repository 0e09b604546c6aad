using Ambient.Core;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Requests.Answering;

namespace Ambient.Waypoint.Requests.Routing;

/// <summary>Which rule takes the request.</summary>
internal sealed class RouteStep(NamespacedName gateway)
{
    /// <summary>Null: a rule was found, or none is needed.</summary>
    public OwnReply? Find(Exchange x)
    {
        RequestConnection connection = x.Connection;
        RouteMatcher? table = x.IsGateway
            ? x.State.Routes.Gateway(gateway, connection.Listener, x.Host, connection.Port)
            : connection.Service is { } service ? x.State.Routes.Mesh(service.Hostname, connection.Port, x.CallerNamespace) : null;
        x.Service = x.Record.Service = connection.Service;
        if (table is null)
        {
            return x.IsGateway ? NoRoute($"no route of this listener is for the host {x.Host}") : null;
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

    private static OwnReply NoRoute(string why) => new(404, ReasonCodes.NoRoute, why, ResponseFlags.NoRoute);
}
