using Ambient.Core.Workloads;

namespace Ambient.Routing.Endpoints;

/// <summary>How busy an endpoint is as seen from this proxy. Called for two endpoints per new connection, from any thread.</summary>
public interface IEndpointLoad
{
    /// <summary>Open connections of this proxy to the endpoint.</summary>
    int ActiveConnections(Workload endpoint);
}
