using System.Net.Sockets;

namespace Ambient.Echo.Serving;

/// <summary>A TCP port and what happens on its connections.</summary>
internal sealed record Behaviour(string Name, int Port, Func<Socket, CancellationToken, Task> Serve)
{
    public async Task ListenAsync(CancellationToken stop)
    {
        using var listener = EchoServer.Bind(Port, SocketType.Stream);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(stop).ConfigureAwait(false);
                socket.NoDelay = true;
                _ = ServeAsync(socket, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Gone before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        try
        {
            await Serve(socket, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer's business.
        }
        finally
        {
            socket.Dispose();
        }
    }
}
