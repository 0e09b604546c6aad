using System.Net.Sockets;

namespace Ambient.Proxy.Sockets;

/// <summary>
/// Accepts on one listener until told to stop. Runs on the thread that the socket engine calls back on; after a burst it lets others
/// have that thread, so that one pod's flood does not hold up the rest of the node.
/// </summary>
internal sealed class AcceptLoop(Socket listener, Action<Socket> serve, Action<Exception> failed, TimeProvider time)
{
    private const int Burst = 32;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    internal async Task RunAsync(CancellationToken stop)
    {
        int burst = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                serve(await listener.AcceptAsync(stop));
                if (++burst % Burst == 0)
                {
                    await Task.Yield();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of file descriptors, or the client was gone before it was accepted.
                failed(e);
                await Task.Delay(s_pause, time, CancellationToken.None);
            }
        }
    }
}
