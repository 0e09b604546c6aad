using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Capture;

namespace Ambient.Ztunnel.Tests.Netlab;

/// <summary>A netns joined to the test's bridge; sockets made in it are what an application there would have.</summary>
internal sealed class Pod : IDisposable
{
    internal Pod(string name, IPAddress address, IPAddress address6)
    {
        Name = name;
        Address = address;
        Address6 = address6;
        Netns = Netns.Open(Path);
    }

    internal string Name { get; }

    internal IPAddress Address { get; }

    internal IPAddress Address6 { get; }

    internal Netns Netns { get; }

    internal string Path => $"/run/netns/{Name}";

    internal TcpEndpoint Listen(int port, IPAddress? address = null)
    {
        address ??= Address;
        Socket socket = Netns.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        if (address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }

        socket.Bind(new IPEndPoint(address, port));
        socket.Listen(512);
        return new TcpEndpoint(socket);
    }

    /// <summary>Connects within 5 s or throws.</summary>
    internal async Task<Socket> ConnectAsync(IPEndPoint to)
    {
        Socket socket = Netns.CreateSocket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await socket.ConnectAsync(to, limit.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The connection is reset, before or after it looked established; in time, and without a byte.</summary>
    internal async Task IsResetAsync(IPAddress address, int port)
    {
        try
        {
            using Socket socket = await ConnectAsync(address, port);
            await socket.HearResetAsync();
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        }
    }

    internal Task<Socket> ConnectAsync(IPAddress address, int port) => ConnectAsync(new IPEndPoint(address, port));

    public void Dispose()
    {
        Netns.Dispose();
        Shell.Ip($"netns del {Name}");
    }
}
