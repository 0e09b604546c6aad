using System.Net;
using System.Net.Sockets;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Listening.Gateways.Datagrams;

/// <summary>One client at one port, with the socket that stands for it at its endpoint.</summary>
internal sealed class DatagramSession(SocketAddress key, IPEndPoint client, IPEndPoint endpoint, Socket upstream, WaypointState decided) : IDisposable
{
    private long _used;

    internal SocketAddress Key => key;

    internal IPEndPoint Client => client;

    internal IPEndPoint Endpoint => endpoint;

    internal Socket Upstream => upstream;

    /// <summary>The mesh by which it was last said that the client may go there.</summary>
    internal WaypointState Decided { get; set; } = decided;

    public void Dispose() => upstream.Dispose();

    /// <summary>Timestamp of the last datagram, either way.</summary>
    internal long Used
    {
        get => Volatile.Read(ref _used);
        set => Volatile.Write(ref _used, value);
    }
}
