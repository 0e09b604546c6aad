using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Ambient.Lab.Kernel;

/// <summary>
/// One thread that waits for the end of all spawned processes through their pidfds. It never waits for a process it does
/// not know, so it lives beside System.Diagnostics.Process in the same program; only where this is the first process of a PID
/// namespace, which inherits the children of others, it also buries those that nobody knows.
/// </summary>
#pragma warning disable CA1001 // there is one, and it lives as long as the process
internal sealed unsafe class Reaper
#pragma warning restore CA1001
{
    private const int EpollAdd = 1;
    private const int EpollDelete = 2;
    private const int OrphanPause = 2000;
    private static readonly bool Inherits = Environment.ProcessId == 1;

    private readonly ConcurrentDictionary<int, (ChildProcess Child, int Descriptor)> children = new();
    private readonly int epoll;
    // Read: a process is between its start and its entry here. Write: the unknown are looked for.
    private readonly ReaderWriterLockSlim births = new();
    private int lastId;

    private Reaper()
    {
        epoll = Native.Check(Native.EpollCreate(Native.OCloExec), "epoll_create1");
        new Thread(Loop, 256 * 1024) { IsBackground = true, Name = "reaper" }.Start();
    }

    public static Reaper Shared { get; } = new();

    // struct epoll_event is packed on x86-64 only.
    private static int EventSize => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Starts a process and watches it.</summary>
    public ChildProcess Watch(Func<int> start)
    {
        births.EnterReadLock();
        try
        {
            var child = new ChildProcess(start());
            Watch(child);
            return child;
        }
        finally
        {
            births.ExitReadLock();
        }
    }

    private void Watch(ChildProcess child)
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
            var count = Native.EpollWait(epoll, events, Batch, Inherits ? OrphanPause : -1);
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

            if (Inherits && count == 0)
            {
                BuryOrphans();
            }
        }
    }

    private void BuryOrphans()
    {
        const int ExitedNowStay = 0x4 | 0x1 | 0x01000000;
        // siginfo_t; si_pid is at byte 16.
        var info = stackalloc byte[128];
        births.EnterWriteLock();
        try
        {
            while (true)
            {
                new Span<byte>(info, 128).Clear();
                if (Native.WaitId(0, 0, info, ExitedNowStay) != 0)
                {
                    return;
                }

                var pid = BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(info + 16, 4));
                if (pid == 0 || children.Values.Any(c => c.Child.Id == pid))
                {
                    return;
                }

                int status;
                _ = Native.WaitPid(pid, &status, 0);
            }
        }
        finally
        {
            births.ExitWriteLock();
        }
    }
}
