using System.Net;
using System.Net.Sockets;
using Ambient.Core.Workloads;

namespace Ambient.Routing.Destinations;

/// <summary>Which of an endpoint's addresses to use: one of the family that the application asked with, else the first.</summary>
internal static class EndpointAddress
{
    public static IPAddress Of(Workload endpoint, AddressFamily preferred)
    {
        foreach (IPAddress address in endpoint.Addresses)
        {
            if (address.AddressFamily == preferred)
            {
                return address;
            }
        }

        return endpoint.Addresses[0];
    }
}
