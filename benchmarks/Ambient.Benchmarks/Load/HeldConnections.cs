using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Load;

/// <summary>Connections that are opened, used for one request each and then held idle by a child process in the client host.</summary>
internal static class HeldConnections
{
    /// <summary>Starts the holder; returns when all connections stand.</summary>
    public static async Task<Process> StartAsync(string host, string target, int count, string log, CancellationToken ct)
    {
        Process holder = Command.StartBackground(
            Environment.ProcessPath!, ["hold", target, count.ToString(CultureInfo.InvariantCulture)], host, log);
        while (!File.Exists(log) || !File.ReadAllText(log).Contains("holding", StringComparison.Ordinal))
        {
            if (holder.HasExited)
            {
                throw new InvalidOperationException($"the holder of connections ended: {File.ReadAllText(log)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
        }

        return holder;
    }

    /// <summary>The child's side: prints <c>holding N</c> and waits to be ended.</summary>
    public static async Task<int> HoldAsync(string target, int count, CancellationToken ct)
    {
        IPEndPoint endpoint = IPEndPoint.Parse(target);
        byte[] request = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n"u8.ToArray();
        List<Socket> held = new(count);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = ct }, async (_, stop) =>
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint, stop);
            await socket.SendAsync(request, stop);
            byte[] buffer = new byte[2048];
            if (await socket.ReceiveAsync(buffer, stop) == 0)
            {
                throw new IOException("the connection was closed instead of answered");
            }

            lock (held)
            {
                held.Add(socket);
            }
        });
        Console.WriteLine($"holding {held.Count}");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        return 0;
    }
}
