using System.Collections.Immutable;

namespace Ambient.Core.Services;

/// <summary>Which port of an endpoint stands for which port of a service.</summary>
public static class ServicePorts
{
    /// <summary>
    /// The endpoint's port for a service port: the endpoint's own mapping, else the service's, else the same number. Null when the
    /// endpoint does not serve the port.
    /// </summary>
    /// <param name="endpointPorts">The endpoint's entry for this service in <see cref="Workloads.Workload.Services"/>.</param>
    public static int? TargetOf(MeshService service, ImmutableArray<ServicePort> endpointPorts, int port)
    {
        foreach (ServicePort served in endpointPorts)
        {
            if (served.Port == port)
            {
                return served.TargetPort != 0 ? served.TargetPort : TargetOf(service, port) ?? port;
            }
        }

        return null;
    }

    private static int? TargetOf(MeshService service, int port)
    {
        foreach (ServicePort declared in service.Ports)
        {
            if (declared.Port == port && declared.TargetPort != 0)
            {
                return declared.TargetPort;
            }
        }

        return null;
    }
}
