using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// An open network namespace; holding it keeps it alive. Sockets made here belong to it for ever, whichever thread uses them.
/// </summary>
internal sealed class Netns : IDisposable
{
    private static readonly Netns s_home = Open("/proc/self/ns/net");

    private Netns(SafeFileHandle handle, string path, NetnsId id)
    {
        Handle = handle;
        Path = path;
        Id = id;
    }

    /// <summary>The namespace that this process was started in: the node's.</summary>
    internal static Netns Home => s_home;

    internal SafeFileHandle Handle { get; }

    /// <summary>For people; the handle is what counts.</summary>
    internal string Path { get; }

    internal NetnsId Id { get; }

    internal bool IsHome => Id == s_home.Id;

    /// <exception cref="IOException">No such file, or it is no network namespace.</exception>
    internal static Netns Open(string path)
    {
        SafeFileHandle handle = Native.Open(path, Native.ReadOnlyCloseOnExec);
        if (handle.IsInvalid)
        {
            throw Native.LastError($"network namespace {path}");
        }

        return Adopt(handle, path);
    }

    /// <summary>Takes over a handle, e.g. one handed over by another process; disposes it on failure.</summary>
    internal static unsafe Netns Adopt(SafeFileHandle handle, string path)
    {
        ulong* status = stackalloc ulong[64];
        if (Native.Control(handle, Native.GetNamespaceType) != Native.CloneNewNet || Native.Status(handle, status) != 0)
        {
            handle.Dispose();
            throw new IOException($"{path} is not a network namespace");
        }

        return new Netns(handle, path, new NetnsId(status[0], status[1]));
    }

    /// <summary>
    /// A socket that lives here. Enters and leaves on the calling thread: two system calls, no hop. Only the creation needs
    /// the thread to be inside; bind, connect and all else go by the socket.
    /// </summary>
    internal Socket CreateSocket(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        if (IsHome)
        {
            return new Socket(family, type, protocol);
        }

        Enter();
        try
        {
            return new Socket(family, type, protocol);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Runs work inside on a thread of its own, which ends with it; for what opens files or starts programs.</summary>
    internal Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    if (!IsHome)
                    {
                        Enter();
                    }

                    done.SetResult(work());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            maxStackSize: 256 * 1024)
        { IsBackground = true, Name = "netns" };
        thread.Start();
        return done.Task;
    }

    public void Dispose()
    {
        if (this != s_home)
        {
            Handle.Dispose();
        }
    }

    private void Enter()
    {
        if (Native.SetNamespace(Handle, Native.CloneNewNet) != 0)
        {
            throw Native.LastError($"entering network namespace {Path}");
        }
    }

    /// <summary>A thread left in a pod's namespace would open other pods' sockets there: better no process than that.</summary>
    private static void Leave()
    {
        if (Native.SetNamespace(s_home.Handle, Native.CloneNewNet) != 0)
        {
            Environment.FailFast("cannot return to the node's network namespace");
        }
    }
}
