using System.Net;
using System.Net.Sockets;

namespace Ambient.Proxy.Sockets;

/// <summary>TCP connect with the time that the reference gives it.</summary>
internal static class TcpDial
{
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Owns the socket when it throws (SocketException, TimeoutException, OperationCanceledException).</summary>
    internal static async Task<Socket> ConnectAsync(Socket socket, IPEndPoint to, TimeProvider time, CancellationToken stop)
    {
        try
        {
            using var limit = new CancellationTokenSource(Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            try
            {
                await socket.ConnectAsync(to, either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                throw new TimeoutException($"connect to {to} timed out after {Timeout.TotalSeconds:0} s");
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
