using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Network;

namespace Ambient.Lab.Starting;

/// <summary>The API server's sockets: one for people and for the lab's own controllers (loopback), one for nodes and pods (outer namespace).</summary>
internal static class ApiSockets
{
    /// <summary>Bound, not yet listening. Port 0 takes any but <paramref name="except"/>.</summary>
    public static Socket Loopback(int port = 0, int except = 0)
    {
        if (except != 0)
        {
            // The port may be free here and taken by the other socket's namespace: two sockets of one port cannot be told apart later.
            var first = Loopback();
            if (((IPEndPoint)first.LocalEndPoint!).Port != except)
            {
                return first;
            }

            using (first)
            {
                return Loopback();
            }
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task<List<Socket>> OuterAsync(ClusterNetwork network)
    {
        var sockets = new List<Socket>();
        foreach (var address in network.Plan.Gateways)
        {
            sockets.Add(await Netns.InAsync(network.OuterPath, () =>
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, NetworkPlan.ApiPort));
                return socket;
            }).ConfigureAwait(false));
        }

        return sockets;
    }
}
