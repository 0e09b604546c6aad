using System.Collections.Immutable;
using Ambient.Core.Gateways;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Gateways;

/// <summary>
/// The listeners of one port. A connection or request belongs to the listener with the closest host (Gateway API: listener isolation); the
/// servers of Istio Gateways are one set of hosts together.
/// </summary>
public sealed class GatewayPort
{
    internal GatewayPort(int number, ImmutableArray<GatewayListener> listeners)
    {
        Number = number;
        Listeners = listeners;
        Kind = listeners[0].Protocol switch
        {
            ListenerProtocol.Http => GatewayPortKind.Http,
            ListenerProtocol.Tcp => GatewayPortKind.Tcp,
            ListenerProtocol.Hbone => GatewayPortKind.Hbone,
            ListenerProtocol.Udp => GatewayPortKind.Udp,
            _ => GatewayPortKind.Tls,
        };
    }

    public int Number { get; }

    public GatewayPortKind Kind { get; }

    /// <summary>In order of precedence.</summary>
    public ImmutableArray<GatewayListener> Listeners { get; }

    /// <summary>The listener of a TLS connection; null: none is for the name, and the handshake is refused.</summary>
    /// <param name="serverName">Lower-case; null or empty when the client names none.</param>
    public GatewayListener? ForServerName(string? serverName) => Closest(serverName ?? "", static _ => true, out _);

    /// <summary>The routes for a request.</summary>
    /// <param name="host">Lower-case, without port.</param>
    /// <param name="connection">The listener whose TLS the connection has; null without TLS.</param>
    public GatewayMatch ForHost(RouteIndex routes, string host, GatewayListener? connection)
    {
        ArgumentNullException.ThrowIfNull(routes);
        Func<GatewayListener, bool> speaks = connection is null ? static l => l.Protocol == ListenerProtocol.Http : static l => l.Protocol == ListenerProtocol.Https;
        GatewayListener? closest = Closest(host, speaks, out int fit);
        if (closest is null)
        {
            return new GatewayMatch(GatewayOutcome.NoHost, null, null, $"no listener on port {Number} is for the host {host}");
        }

        if (connection is not null && HostFit.Of(connection.Hostnames, host) != fit)
        {
            return new GatewayMatch(
                GatewayOutcome.Misdirected, closest, null, $"the host {host} is listener {closest.Name}'s, and the connection's TLS is listener {connection.Name}'s");
        }

        GatewayListener own = connection ?? closest;
        if (own.HttpsRedirect)
        {
            return new GatewayMatch(GatewayOutcome.HttpsRedirect, own, null, "the server redirects to https");
        }

        RouteMatcher? found = own.SharesHosts && connection is null ? Shared(routes, host, ref own) : routes.Gateway(own.Owner, own.Name, host, Number);
        return found is null
            ? new GatewayMatch(GatewayOutcome.NoHost, own, null, $"no route of listener {own.Name} of Gateway {own.Owner} is for the host {host}")
            : new GatewayMatch(GatewayOutcome.Found, own, found, "");
    }

    /// <summary>The routes for bytes: TLS rules where TLS is passed on, TCP rules where it has ended or there is none; null: none.</summary>
    /// <param name="serverName">Lower-case; null or empty when there is none.</param>
    public RouteMatcher? ForStream(RouteIndex routes, GatewayListener listener, string? serverName)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(listener);
        return routes.Gateway(listener.Owner, listener.Name, serverName ?? "", Number);
    }

    private RouteMatcher? Shared(RouteIndex routes, string host, ref GatewayListener own)
    {
        RouteMatcher? best = null;
        int bestFit = HostFit.None;
        foreach (GatewayListener listener in Listeners)
        {
            if (listener.SharesHosts && HostFit.Of(listener.Hostnames, host) != HostFit.None
                && routes.Gateway(listener.Owner, listener.Name, host, Number) is { } found && HostFit.Of(found.Table.Host, host) is var fit && fit > bestFit)
            {
                (best, bestFit, own) = (found, fit, listener);
            }
        }

        return best;
    }

    private GatewayListener? Closest(string host, Func<GatewayListener, bool> counts, out int fit)
    {
        GatewayListener? closest = null;
        fit = HostFit.None;
        foreach (GatewayListener listener in Listeners)
        {
            int own = counts(listener) ? HostFit.Of(listener.Hostnames, host) : HostFit.None;
            if (own > fit)
            {
                (closest, fit) = (listener, own);
            }
        }

        return closest;
    }
}
