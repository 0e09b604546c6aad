using System.Net.Quic;
using Ambient.Routing.Gateways;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>Who asks for HTTP/3 is told when it is not served.</summary>
internal static class Http3Notice
{
    internal static void Check(ILogger log, IEnumerable<GatewayPort> ports)
    {
        foreach (GatewayPort port in ports.Where(p => p.Listeners.Any(l => l.Http3)))
        {
            if (QuicListener.IsSupported)
            {
                GatewayLog.NoHttp3(log, port.Number);
            }
            else
            {
                GatewayLog.NoQuic(log, port.Number);
            }
        }
    }
}
