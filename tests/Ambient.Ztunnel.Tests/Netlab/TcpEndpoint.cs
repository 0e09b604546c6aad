using System.Net.Sockets;

namespace Ambient.Ztunnel.Tests.Netlab;

/// <summary>A listening socket.</summary>
internal sealed class TcpEndpoint(Socket socket) : IDisposable
{
    /// <summary>Waits at most 5 s.</summary>
    internal async Task<Socket> AcceptAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        return await socket.AcceptAsync(limit.Token);
    }

    /// <summary>True when nothing arrives in 300 ms.</summary>
    internal async Task<bool> StaysQuietAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            (await socket.AcceptAsync(limit.Token)).Dispose();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public void Dispose() => socket.Dispose();
}
