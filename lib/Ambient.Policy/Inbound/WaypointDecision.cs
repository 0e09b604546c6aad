using System.Net;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Policy;

/// <summary>What a CONNECT to a waypoint leads to: exactly one of service and workload when it is allowed.</summary>
/// <param name="Status">200, or the status to answer with: 400 not a destination of this waypoint, 401 not the caller's own address, 503 cannot.</param>
/// <param name="Service">Addressed by VIP or host name.</param>
/// <param name="Workload">Addressed by its own address.</param>
/// <param name="Destination">What the application connected to; null when a host name.</param>
/// <param name="Port">Of the service or workload.</param>
/// <param name="Reason">One line for people; empty when allowed.</param>
public sealed record WaypointDecision(int Status, MeshService? Service, Workload? Workload, IPEndPoint? Destination, int Port, string Reason)
{
    public bool Allowed => Status == 200;
}
