using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ambient.Echo.Serving;

namespace Ambient.Echo;

/// <summary>
/// The server: one port a behaviour, on every address. <c>--PROTOCOL PORT</c> or the environment <c>ECHO_PROTOCOL</c> moves a port, 0 leaves it out.
/// </summary>
internal static class EchoServer
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var arguments = new Arguments(args);
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, stop));

        var identity = ServerIdentity.FromEnvironment();
        Behaviour[] behaviours =
        [
            new("http", arguments.Number("http", 8080), (s, t) => HttpEcho.ServeAsync(s, identity, t)),
            new("tcp", arguments.Number("tcp", 9000), TcpBehaviours.EchoAsync),
            new("banner", arguments.Number("banner", 9025), (s, t) => TcpBehaviours.BannerAsync(s, identity, t)),
            new("mysql", arguments.Number("mysql", 9306), TcpBehaviours.MySqlGreetingAsync),
            new("half-close", arguments.Number("half-close", 9001), TcpBehaviours.EchoAfterEndAsync),
            new("slow", arguments.Number("slow", 9002), TcpBehaviours.SlowAsync),
            new("hang", arguments.Number("hang", 9003), TcpBehaviours.HangAsync),
            new("reset", arguments.Number("reset", 9004), TcpBehaviours.ResetAsync),
            new("sink", arguments.Number("sink", 9005), TcpBehaviours.SinkAsync),
            new("source", arguments.Number("source", 9006), TcpBehaviours.SourceAsync),
        ];

        var loops = new List<Task>();
        foreach (var behaviour in behaviours.Where(b => b.Port != 0))
        {
            loops.Add(behaviour.ListenAsync(stop.Token));
        }

        if (arguments.Number("udp", 9053) is not 0 and var udp)
        {
            loops.Add(UdpEcho.ServeAsync(udp, stop.Token));
        }

        await Console.Out.WriteLineAsync($"{{\"listening\":true,\"pod\":\"{identity.Pod}\",\"version\":\"{identity.Version}\"}}").ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(false);
        return 0;
    }

    /// <summary>A dual-stack listener, or IPv4 where the machine has no IPv6.</summary>
    public static Socket Bind(int port, SocketType type)
    {
        var protocol = type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp;
        var socket = Socket.OSSupportsIPv6
            ? new Socket(AddressFamily.InterNetworkV6, type, protocol) { DualMode = true }
            : new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
        if (type == SocketType.Stream)
        {
            socket.Listen(1024);
        }

        return socket;
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
