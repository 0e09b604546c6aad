using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Proxy.Sockets;

/// <summary>Socket options by their Linux numbers (socket.h, in.h, in6.h, tcp.h, netfilter_ipv4.h).</summary>
internal static class SocketKnobs
{
    private const int SolSocket = 1, SolIp = 0, SolTcp = 6, SolIp6 = 41;
    private const int SoMark = 36, SoReusePort = 15;
    private const int IpTransparent = 19, IpFreebind = 15, Ip6Transparent = 75, Ip6Freebind = 78;
    private const int OriginalDst = 80;
    private const int TcpUserTimeout = 18;

    internal static void Mark(this Socket socket, uint mark) =>
        socket.SetRawSocketOption(SolSocket, SoMark, BitConverter.GetBytes(mark));

    internal static void ReusePort(this Socket socket) => Switch(socket, SolSocket, SoReusePort);

    /// <summary>May bind a client's address: IP_TRANSPARENT and IP_FREEBIND of the socket's own family.</summary>
    internal static void Transparent(this Socket socket)
    {
        bool six = socket.AddressFamily == AddressFamily.InterNetworkV6;
        Switch(socket, six ? SolIp6 : SolIp, six ? Ip6Transparent : IpTransparent);
        Switch(socket, six ? SolIp6 : SolIp, six ? Ip6Freebind : IpFreebind);
    }

    /// <summary>NODELAY, and keepalive after 180 s every 180 s, 9 times (reference 1.4).</summary>
    internal static void Tune(this Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 180);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 180);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 9);
    }

    /// <summary>Unacknowledged data ends the connection after this time, in milliseconds.</summary>
    internal static void UserTimeout(this Socket socket, int milliseconds) =>
        socket.SetRawSocketOption(SolTcp, TcpUserTimeout, BitConverter.GetBytes(milliseconds));

    /// <summary>Closes with RST: the other side learns that this was no orderly end. Never throws.</summary>
    internal static void CloseWithReset(this Socket socket)
    {
        if (socket.SafeHandle.IsClosed)
        {
            // Disposed, or given to a transport, which closes it.
            return;
        }

        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }

        socket.Dispose();
    }

    /// <summary>
    /// Where the connection was going before the redirect, IPv4 first as most are; null without a conntrack entry.
    /// An IPv4 address is never returned in its IPv6-mapped form.
    /// </summary>
    internal static IPEndPoint? OriginalDestination(this Socket socket)
    {
        Span<byte> address = stackalloc byte[28];
        IPEndPoint? v4 = TryOption(socket, SolIp, address[..16]) ? ReadV4(address) : null;
        return v4 ?? (TryOption(socket, SolIp6, address) ? ReadV6(address) : null);
    }

    /// <summary>The endpoint with an IPv6-mapped IPv4 address unwrapped.</summary>
    internal static IPEndPoint Unmapped(this IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    private static bool TryOption(Socket socket, int level, Span<byte> into)
    {
        try
        {
            return socket.GetRawSocketOption(level, OriginalDst, into) == into.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // struct sockaddr_in: family (host order), port and address (network order).
    private static IPEndPoint ReadV4(ReadOnlySpan<byte> a) =>
        new(new IPAddress(a.Slice(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(a[2..]));

    // struct sockaddr_in6: family, port, flow, address, scope.
    private static IPEndPoint ReadV6(ReadOnlySpan<byte> a) =>
        new(new IPAddress(a.Slice(8, 16), BitConverter.ToUInt32(a[24..])), BinaryPrimitives.ReadUInt16BigEndian(a[2..]));

    private static void Switch(Socket socket, int level, int name) =>
        socket.SetRawSocketOption(level, name, [1, 0, 0, 0]);
}
