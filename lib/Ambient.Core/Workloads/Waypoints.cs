using Ambient.Core.Services;

namespace Ambient.Core.Workloads;

/// <summary>Whether a workload is one of those that a gateway address leads to.</summary>
public static class Waypoints
{
    public static bool IsEndpointOf(MeshSnapshot snapshot, GatewayAddress? gateway, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(workload);
        if (gateway is null)
        {
            return false;
        }

        if (ServiceOf(snapshot, gateway) is { } service)
        {
            return snapshot.EndpointSetOf(service.Key).Contains(workload.Uid);
        }

        return gateway.Address is { } address
            && snapshot.WorkloadByAddress(address) is { } found
            && string.Equals(found.Uid, workload.Uid, StringComparison.Ordinal);
    }

    /// <summary>The service behind a gateway address; null when it is a workload's own address or unknown.</summary>
    public static MeshService? ServiceOf(MeshSnapshot snapshot, GatewayAddress gateway)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(gateway);
        if (gateway.Hostname is { } hostname)
        {
            return snapshot.ServiceByKey(hostname.ToString());
        }

        // The gateway's own namespace is not known here; the operator writes addresses only of services that all may see.
        return gateway.Address is { } address ? snapshot.ServiceByAddress(address, "") : null;
    }
}
