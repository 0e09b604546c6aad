using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Sockets;

namespace Ambient.Ztunnel.Capture;

/// <summary>The sockets of one pod's proxy: all in the pod's netns, all marked as ours.</summary>
internal sealed class PodSockets(Netns netns, NodeMarks marks)
{
    private const int Backlog = 1024;

    private readonly bool _hasV6 = HasV6(netns);

    /// <summary>The wildcard of both families where there are both; several processes may listen at once.</summary>
    internal Socket Listen(int port) =>
        ListenAt(_hasV6 ? new IPEndPoint(IPAddress.IPv6Any, port) : new IPEndPoint(IPAddress.Any, port));

    internal Socket ListenAt(IPEndPoint at)
    {
        Socket socket = Marked(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (at.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.ReusePort();
            socket.Bind(at);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Null when the pod's netns lacks the family.</summary>
    internal Socket? TryBindUdp(IPEndPoint at)
    {
        if (at.AddressFamily == AddressFamily.InterNetworkV6 && !_hasV6)
        {
            return null;
        }

        Socket socket = Marked(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReusePort();
            socket.Bind(at);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal bool HasIpV6 => _hasV6;

    /// <summary>For a connection from the pod to elsewhere, or to the application.</summary>
    internal Socket ForConnection(AddressFamily family)
    {
        Socket socket = Marked(family, SocketType.Stream, ProtocolType.Tcp);
        socket.Tune();
        return socket;
    }

    internal Socket ForQueries(AddressFamily family) => Marked(family, SocketType.Dgram, ProtocolType.Udp);

    private Socket Marked(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        Socket socket = netns.CreateSocket(family, type, protocol);
        try
        {
            socket.Mark(marks.Proxy);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A kernel without IPv6, or a netns whose loopback has it switched off.
    private static bool HasV6(Netns netns)
    {
        try
        {
            using Socket probe = netns.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
