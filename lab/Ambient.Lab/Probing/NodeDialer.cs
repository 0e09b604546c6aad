using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Probing;

/// <summary>
/// Connects from a node's network namespace: one thread stays in it and makes the sockets, which belong to that namespace
/// wherever they are used afterwards.
/// </summary>
internal sealed class NodeDialer : IDisposable
{
    private readonly BlockingCollection<(AddressFamily Family, TaskCompletionSource<Socket> Made)> requests = new();

    public NodeDialer(string netns)
    {
        new Thread(() => Loop(netns), 256 * 1024) { IsBackground = true, Name = "node sockets" }.Start();
    }

    public async Task<Socket> ConnectAsync(IPEndPoint to, CancellationToken ct)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        requests.Add((to.AddressFamily, made), ct);
        var socket = await made.Task.ConfigureAwait(false);
        try
        {
            await socket.ConnectAsync(to, ct).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => requests.CompleteAdding();

    private void Loop(string netns)
    {
        Exception? broken = null;
        try
        {
            NamespaceThread.EnterNetwork(netns);
        }
        catch (KernelException e)
        {
            broken = e;
        }

        foreach (var (family, made) in requests.GetConsumingEnumerable())
        {
            try
            {
                if (broken is not null)
                {
                    throw broken;
                }

                made.SetResult(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            }
            catch (Exception e)
            {
                made.SetException(e);
            }
        }
    }
}
