using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Network;

namespace Ambient.Lab.Naming;

/// <summary>The cluster's DNS server, UDP and TCP on port 53 of the outer namespace. It asks nobody else: there is nowhere to ask.</summary>
internal sealed class ClusterDns : IAsyncDisposable
{
    private const int Port = 53;
    private const int MaxTcpClients = 64;
    private static readonly TimeSpan TcpIdle = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stop = new();
    private readonly List<Socket> sockets = [];
    private readonly List<Task> loops = [];
    private readonly TimeProvider time;
    private int tcpClients;
    private DnsZone zone = DnsZone.Empty;
    private DnsZone outside = DnsZone.Empty;

    private ClusterDns(TimeProvider time) => this.time = time;

    /// <summary>What is answered from now on.</summary>
    public DnsZone Zone
    {
        get => Volatile.Read(ref zone);
        set => Volatile.Write(ref zone, value);
    }

    /// <summary>Names of the world outside, as the lab's owner says; there is no other world.</summary>
    public DnsZone Outside
    {
        get => Volatile.Read(ref outside);
        set => Volatile.Write(ref outside, value);
    }

    /// <summary>Listens on these addresses of a network namespace.</summary>
    public static async Task<ClusterDns> StartAsync(string netns, IReadOnlyList<IPAddress> addresses, TimeProvider time)
    {
        var dns = new ClusterDns(time);
        foreach (var address in addresses)
        {
            var (udp, tcp) = await Netns.InAsync(netns, () => (Bind(address, ProtocolType.Udp), Bind(address, ProtocolType.Tcp))).ConfigureAwait(false);
            dns.sockets.AddRange([udp, tcp]);
            dns.loops.AddRange([dns.ServeUdpAsync(udp), dns.ServeTcpAsync(tcp)]);
        }

        return dns;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
        stop.Dispose();
    }

    private static Socket Bind(IPAddress address, ProtocolType protocol)
    {
        var socket = new Socket(address.AddressFamily, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        socket.Bind(new IPEndPoint(address, Port));
        if (protocol == ProtocolType.Tcp)
        {
            socket.Listen(64);
        }

        return socket;
    }

    private async Task ServeUdpAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var from = await socket.ReceiveFromAsync(buffer, any, stop.Token).ConfigureAwait(false);
                if (Answer(buffer.AsSpan(0, from.ReceivedBytes), udp: true) is { } answer)
                {
                    await socket.SendToAsync(answer, from.RemoteEndPoint, stop.Token).ConfigureAwait(false);
                }
            }
            catch (SocketException)
            {
                // An asker that is gone already; the next one is not affected.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeTcpAsync(Socket listener)
    {
        var clients = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(stop.Token).ConfigureAwait(false);
                clients.RemoveAll(c => c.IsCompleted);
                if (Interlocked.Increment(ref tcpClients) > MaxTcpClients)
                {
                    Interlocked.Decrement(ref tcpClients);
                    client.Dispose();
                    continue;
                }

                clients.Add(ServeClientAsync(client));
            }
            catch (SocketException)
            {
                // The connection was gone before it was accepted.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(clients).ConfigureAwait(false);
    }

    private async Task ServeClientAsync(Socket client)
    {
        using var idle = new CancellationTokenSource(TcpIdle, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, stop.Token);
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            var length = new byte[2];
            while (true)
            {
                await stream.ReadExactlyAsync(length, both.Token).ConfigureAwait(false);
                var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(message, both.Token).ConfigureAwait(false);
                if (Answer(message, udp: false) is not { } answer)
                {
                    return;
                }

                var framed = new byte[answer.Length + 2];
                BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)answer.Length);
                answer.CopyTo(framed, 2);
                await stream.WriteAsync(framed, both.Token).ConfigureAwait(false);
                idle.CancelAfter(TcpIdle);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Closed, idle, or stopping.
        }
        finally
        {
            Interlocked.Decrement(ref tcpClients);
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> query, bool udp)
    {
        if (DnsQuestion.Parse(query) is not { } question)
        {
            return null;
        }

        _ = Outside.Find(question.Name, out var isOutside);
        return DnsAnswer.Write(isOutside && !question.Name.EndsWith(DnsZone.Domain, StringComparison.Ordinal) ? Outside : Zone, question, query, udp ? question.UdpSize : ushort.MaxValue);
    }
}
