using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Sockets;

namespace Ambient.Proxy.Names;

/// <summary>A resolver that asks the nameservers of this process's resolv.conf.</summary>
internal static class ProcessNames
{
    private const string File = "/etc/resolv.conf";
    private const int Port = 53, MaxReply = 65_535;
    private static readonly TimeSpan s_udpPatience = TimeSpan.FromSeconds(2), s_tcpPatience = TimeSpan.FromSeconds(5);

    public static NameResolver Resolver(TimeProvider time, string file = File) => new(
        async (question, _, tcp) =>
        {
            ResolvConf conf = ResolvConf.Parse(System.IO.File.Exists(file) ? await System.IO.File.ReadAllTextAsync(file) : "");
            foreach (IPAddress nameserver in conf.Nameservers)
            {
                try
                {
                    var server = new IPEndPoint(nameserver, Port);
                    return tcp ? await TcpAsync(server, question, time) : await UdpAsync(server, question, time);
                }
                catch (Exception e) when (e is SocketException or IOException or TimeoutException or OperationCanceledException)
                {
                    // The next one may answer.
                }
            }

            return null;
        },
        time);

    // Connected, so that only the nameserver can answer; a port of its own for every question, so that guessing is hard.
    private static async Task<byte[]> UdpAsync(IPEndPoint server, byte[] question, TimeProvider time)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        using var limit = new CancellationTokenSource(s_udpPatience, time);
        await socket.ConnectAsync(server, limit.Token);
        await socket.SendAsync(question, limit.Token);
        byte[] buffer = new byte[4096];
        while (true)
        {
            int got = await socket.ReceiveAsync(buffer, limit.Token);
            if (got >= question.Length && buffer.AsSpan(0, 2).SequenceEqual(question.AsSpan(0, 2)))
            {
                return buffer[..got];
            }
        }
    }

    private static async Task<byte[]> TcpAsync(IPEndPoint server, byte[] question, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(s_tcpPatience, time);
        using Socket socket = await TcpDial.ConnectAsync(new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp), server, time, limit.Token);
        await DnsStream.WriteAsync(socket, question, limit.Token);
        return await DnsStream.ReadAsync(socket, MaxReply, limit.Token) ?? throw new IOException("the nameserver closed the connection");
    }
}
