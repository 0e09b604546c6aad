using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Ambient.Lab.Kernel;

/// <summary>
/// One thread that waits for the end of all spawned processes through their pidfds. It never waits for a process it does
/// not know, so it lives beside System.Diagnostics.Process in the same program.
/// </summary>
internal sealed unsafe class Reaper
{
    private const int EpollAdd = 1;
    private const int EpollDelete = 2;

    private readonly ConcurrentDictionary<int, (ChildProcess Child, int Descriptor)> children = new();
    private readonly int epoll;
    private int lastId;

    private Reaper()
    {
        epoll = Native.Check(Native.EpollCreate(Native.OCloExec), "epoll_create1");
        new Thread(Loop, 256 * 1024) { IsBackground = true, Name = "reaper" }.Start();
    }

    public static Reaper Shared { get; } = new();

    // struct epoll_event is packed on x86-64 only.
    private static int EventSize => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    public void Watch(ChildProcess child)
    {
        var fd = SystemCall.PidfdOpen(child.Id);

        // Known by a number of its own: the descriptor's is used again as soon as it is closed.
        var id = Interlocked.Increment(ref lastId);
        children[id] = (child, fd);
        var e = stackalloc byte[16];
        new Span<byte>(e, 16).Clear();
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(e, 4), Native.EpollIn);
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(e + EventSize - 8, 4), id);
        Native.Check(Native.EpollControl(epoll, EpollAdd, fd, e), "epoll_ctl");
    }

    private void Loop()
    {
        const int Batch = 32;
        var events = stackalloc byte[16 * Batch];
        var none = stackalloc byte[16];
        while (true)
        {
            var count = Native.EpollWait(epoll, events, Batch, -1);
            for (var i = 0; i < count; i++)
            {
                var id = BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(events + ((i + 1) * EventSize) - 8, 4));
                if (children.TryRemove(id, out var ended))
                {
                    // Closing is not enough: a child between fork and exec holds a copy, and the event would come again.
                    _ = Native.EpollControl(epoll, EpollDelete, ended.Descriptor, none);
                    _ = Native.Close(ended.Descriptor);
                    ended.Child.Reap();
                }
            }
        }
    }
}
