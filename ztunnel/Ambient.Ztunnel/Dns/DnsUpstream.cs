using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Names;
using Ambient.Proxy.Sockets;
using Ambient.Ztunnel.Enrolment;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Dns;

/// <summary>Asks the pod's own nameservers, from the pod's netns; unchanged bytes both ways.</summary>
internal sealed class DnsUpstream(PodContext pod)
{
    private const int Port = 53;
    private const int MaxReply = 65_535;
    private static readonly TimeSpan s_udpPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_tcpPatience = TimeSpan.FromSeconds(5);

    /// <returns>The answer, or null when no nameserver gave one.</returns>
    internal async Task<byte[]?> AskAsync(ResolvConf resolver, ReadOnlyMemory<byte> query, bool tcp, DnsSeries series)
    {
        foreach (IPAddress nameserver in resolver.Nameservers)
        {
            long started = pod.Node.Time.GetTimestamp();
            series.CountUpstream();
            try
            {
                var server = new IPEndPoint(nameserver, Port);
                byte[] reply = tcp ? await AskTcpAsync(server, query) : await AskUdpAsync(server, query);
                series.Duration.Observe(pod.Node.Time.GetElapsedTime(started));
                return reply;
            }
            catch (Exception e) when (e is SocketException or IOException or TimeoutException or OperationCanceledException)
            {
                series.CountUpstreamFailure();
            }
        }

        return null;
    }

    // Connected, so that only the nameserver can answer; a port of its own for every query, so that guessing is hard.
    private async Task<byte[]> AskUdpAsync(IPEndPoint server, ReadOnlyMemory<byte> query)
    {
        using Socket socket = pod.Sockets.ForQueries(server.AddressFamily);
        using var limit = new CancellationTokenSource(s_udpPatience, pod.Node.Time);
        await socket.ConnectAsync(server, limit.Token);
        await socket.SendAsync(query, limit.Token);
        byte[] buffer = new byte[4096];
        while (true)
        {
            int got = await socket.ReceiveAsync(buffer, limit.Token);
            if (got >= DnsQuestion.HeaderLength && buffer.AsSpan(0, 2).SequenceEqual(query.Span[..2]))
            {
                return buffer[..got];
            }
        }
    }

    private async Task<byte[]> AskTcpAsync(IPEndPoint server, ReadOnlyMemory<byte> query)
    {
        using var limit = new CancellationTokenSource(s_tcpPatience, pod.Node.Time);
        using Socket socket = await TcpDial.ConnectAsync(
            pod.Sockets.ForConnection(server.AddressFamily), server, pod.Node.Time, limit.Token);
        await DnsStream.WriteAsync(socket, query, limit.Token);
        return await DnsStream.ReadAsync(socket, MaxReply, limit.Token) ?? throw new IOException("the nameserver closed the connection");
    }
}
