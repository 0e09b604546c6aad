using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Core;
using Ambient.Ztunnel.Capture;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>The listening sockets of one pod. They outlive the process that opened them when they are handed over.</summary>
internal sealed class PodListeners : IDisposable
{
    private const string OutboundName = "outbound", PlaintextName = "plaintext", HboneName = "hbone";
    private const string DnsUdpName = "dns-udp", DnsTcpName = "dns-tcp";

    private PodListeners(Socket outbound, Socket plaintext, Socket hbone, ImmutableArray<Socket> dnsUdp, ImmutableArray<Socket> dnsTcp)
    {
        Outbound = outbound;
        Plaintext = plaintext;
        Hbone = hbone;
        DnsUdp = dnsUdp;
        DnsTcp = dnsTcp;
    }

    internal Socket Outbound { get; }

    internal Socket Plaintext { get; }

    internal Socket Hbone { get; }

    internal ImmutableArray<Socket> DnsUdp { get; }

    internal ImmutableArray<Socket> DnsTcp { get; }

    /// <summary>By name, for handing over; a name may stand twice (one a family).</summary>
    internal IEnumerable<(string Name, Socket Socket)> All =>
        [(OutboundName, Outbound), (PlaintextName, Plaintext), (HboneName, Hbone),
            .. DnsUdp.Select(s => (DnsUdpName, s)), .. DnsTcp.Select(s => (DnsTcpName, s))];

    /// <exception cref="SocketException">A port is taken by a socket that does not share it.</exception>
    internal static PodListeners Open(PodSockets sockets)
    {
        List<Socket> opened = [];
        try
        {
            Socket outbound = Keep(sockets.Listen(ProxyPorts.OutboundCapture));
            Socket plaintext = Keep(sockets.Listen(ProxyPorts.InboundPlaintext));
            Socket hbone = Keep(sockets.Listen(ProxyPorts.Hbone));
            IPEndPoint[] loopback = sockets.HasIpV6
                ? [new(IPAddress.Loopback, ProxyPorts.Dns), new(IPAddress.IPv6Loopback, ProxyPorts.Dns)]
                : [new(IPAddress.Loopback, ProxyPorts.Dns)];
            ImmutableArray<Socket> udp = [.. loopback.Select(at => Keep(sockets.TryBindUdp(at)!))];
            ImmutableArray<Socket> tcp = [.. loopback.Select(at => Keep(sockets.ListenAt(at)))];
            return new PodListeners(outbound, plaintext, hbone, udp, tcp);
        }
        catch
        {
            opened.ForEach(s => s.Dispose());
            throw;
        }

        Socket Keep(Socket socket)
        {
            opened.Add(socket);
            return socket;
        }
    }

    /// <summary>From sockets that another process opened; null when one of those that have to be is missing.</summary>
    internal static PodListeners? Adopt(IReadOnlyList<(string Name, Socket Socket)> sockets)
    {
        Socket? outbound = First(OutboundName), plaintext = First(PlaintextName), hbone = First(HboneName);
        return outbound is null || plaintext is null || hbone is null
            ? null
            : new PodListeners(outbound, plaintext, hbone, AllOf(DnsUdpName), AllOf(DnsTcpName));

        Socket? First(string name) => AllOf(name).FirstOrDefault();
        ImmutableArray<Socket> AllOf(string name) => [.. sockets.Where(s => s.Name == name).Select(s => s.Socket)];
    }

    public void Dispose()
    {
        foreach ((_, Socket socket) in All)
        {
            socket.Dispose();
        }
    }
}
