using System.Diagnostics.CodeAnalysis;
using System.Net;
using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Upstreams;

/// <summary>
/// The way to what this process itself calls by name: authorizers, key sets. Under its own identity, as any workload would reach it; a service of the
/// mesh is looked up in the mesh, and needs no DNS.
/// </summary>
internal sealed class OwnCalls(Func<WaypointState> state, NamespacedName gateway)
{
    private readonly EndpointPicker _picker = new(Random.Shared);

    /// <summary>The service of the mesh that a name or address means; null: none.</summary>
    public MeshService? ServiceOf(string host)
    {
        MeshSnapshot snapshot = state().Snapshot;
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return snapshot.ServiceByAddress(new NetworkAddress(state().Self?.Network ?? "", address), gateway.Namespace);
        }

        // As a resolver in this pod would search.
        string name = host.TrimEnd('.');
        string domain = snapshot.Settings.ClusterDomain;
        return snapshot.ServiceByHostname(name, gateway.Namespace)
            ?? snapshot.ServiceByHostname($"{name}.{gateway.Namespace}.svc.{domain}", gateway.Namespace)
            ?? snapshot.ServiceByHostname($"{name}.svc.{domain}", gateway.Namespace)
            ?? snapshot.ServiceByHostname($"{name}.{domain}", gateway.Namespace);
    }

    /// <summary>A service of the mesh by its endpoints, anything else by DNS and plain TCP.</summary>
    /// <param name="problem">Why there is no way.</param>
    public bool TryKey(string host, int port, bool http2, bool tls, [NotNullWhen(true)] out UpstreamKey? key, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        key = ServiceOf(host) is { } service ? ToService(service, port, out problem) : new UpstreamKey { Authority = $"{(host.Contains(':') ? $"[{host}]" : host)}:{port}" };
        key = key is null ? null : key with { Http2 = http2, Tls = tls ? new UpstreamTls { Mode = UpstreamTlsMode.Simple } : null, TlsHost = tls ? host : null };
        problem = key is null ? problem ?? $"no way to {host}:{port}" : null;
        return key is not null;
    }

    private UpstreamKey? ToService(MeshService service, int port, out string? problem)
    {
        WaypointState now = state();
        problem = null;
        if (now.Self is not { } self)
        {
            problem = "the mesh does not know this process yet";
            return null;
        }

        if (service.Addresses.FirstOrDefault(static a => a.PrefixLength is null) is not { Address: not null } vip)
        {
            return ToEndpoint(now.Snapshot, service, port, out problem);
        }

        Resolution resolution = DestinationResolver.Resolve(now.Snapshot, self, new IPEndPoint(vip.Address, port), _picker);
        problem = (resolution as Resolution.Refused)?.Reason;
        return UpstreamKeys.Of(resolution);
    }

    // A service without an address of its own: any endpoint that is healthy.
    private static UpstreamKey? ToEndpoint(MeshSnapshot snapshot, MeshService service, int port, out string? problem)
    {
        Workload[] healthy = [.. snapshot.EndpointsOf(service.Key).Where(static w => w.Health == WorkloadHealth.Healthy)];
        problem = healthy.Length == 0 ? $"service {service.Key} has no healthy endpoint" : null;
        if (healthy.Length == 0)
        {
            return null;
        }

        Workload chosen = healthy[Random.Shared.Next(healthy.Length)];
        ServicePort? listens = chosen.Services.GetValueOrDefault(service.Key, []).Cast<ServicePort?>().FirstOrDefault(p => p!.Value.Port == port);
        return UpstreamKeys.To(chosen, service, listens?.TargetPort is > 0 and var target ? target : port);
    }
}
