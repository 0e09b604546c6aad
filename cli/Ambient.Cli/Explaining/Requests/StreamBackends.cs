using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Routing.Endpoints;
using Ambient.Routing.Matching;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>Where a waypoint sends a connection that it does not look into: by TLS rules where there is a server name, then TCP rules, then to the service itself.</summary>
/// <param name="Origin">The rule; null for the service itself.</param>
/// <param name="Taken">Backends that get any connections.</param>
/// <param name="Endpoint">The first endpoint that it may go to; without an address when it is known by name.</param>
/// <param name="To">The backend of that endpoint.</param>
/// <param name="Refusal">Why it goes nowhere.</param>
internal sealed record StreamBackends(RouteOrigin? Origin, WeightedBackend[] Taken, BackendJson Backends, PlannedEndpoint? Endpoint, BackendTarget? To, string? Refusal)
{
    public JsonArray Json => new([.. Taken.Select(b => Backends.Of(b, Taken.Length == 1))]);

    /// <param name="serverName">Of the TLS handshake; null when there is none.</param>
    public static StreamBackends Of(ExplainedMesh mesh, MeshService service, int port, Caller caller, string? serverName, RequestProxy proxy)
    {
        ConnectionSource source = new()
        {
            Destination = service.Addresses is [var first, ..] ? first.Address : IPAddress.Any,
            Port = port,
            Namespace = caller.Pod?.Namespace,
            Labels = caller.Pod?.Labels,
        };
        RouteMatcher? matcher = mesh.Routes.Mesh(service.Hostname.ToLowerInvariant(), port, caller.Pod?.Namespace);
        var (origin, taken) = Rule(matcher, source, serverName?.ToLowerInvariant())
            ?? (null, [new WeightedBackend { Target = mesh.Itself(service, port) }]);
        BackendJson backends = new(mesh, proxy);
        WeightedBackend? usable = taken.FirstOrDefault(b => b.Invalid is null && !backends.Usable(b.Target).IsEmpty);
        return usable is not null
            ? new StreamBackends(origin, taken, backends, backends.Usable(usable.Target)[0], usable.Target, null)
            : new StreamBackends(origin, taken, backends, null, null, taken.FirstOrDefault(b => b.Invalid is null) is { } empty
                ? backends.WhyNone(empty.Target)
                : taken.FirstOrDefault()?.Invalid?.Reason ?? "the rule has no backends");
    }

    private static (RouteOrigin? Origin, WeightedBackend[] Taken)? Rule(RouteMatcher? matcher, ConnectionSource source, string? serverName)
    {
        if (serverName is not null && matcher?.MatchTls(serverName, source) is { } tls)
        {
            return (tls.Origin, Some(tls.Backends));
        }

        return matcher?.MatchTcp(source) is { } tcp ? (tcp.Origin, Some(tcp.Backends)) : null;
    }

    private static WeightedBackend[] Some(IReadOnlyCollection<WeightedBackend> backends) => [.. backends.Where(b => b.Weight > 0 || backends.Count == 1)];
}
