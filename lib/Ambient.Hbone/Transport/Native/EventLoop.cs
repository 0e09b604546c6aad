using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Ambient.Hbone.Transport.Native;

/// <summary>
/// One thread that waits for readiness of many sockets (edge-triggered epoll) and runs what waits for them to completion, in place:
/// no thread-pool hop between a packet and the relay that it concerns. The thread owns the epoll descriptor; connections are added from
/// any thread. Nothing that runs on it may block.
/// </summary>
internal sealed unsafe class EventLoop
{
    private const int BatchSize = 256;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly ConcurrentDictionary<long, LoopConnection> _connections = new();
    private readonly ConcurrentQueue<LoopConnection> _again = new();
    private readonly List<(Action<object> Action, object State)> _turnEnd = [];
    private long _nextId;
    private int _sleeping;

    public EventLoop(string name)
    {
        _epoll = Check(Libc.EpollCreate(Libc.CloseOnExec), "epoll_create1");
        _wake = Check(Libc.EventFd(0, Libc.CloseOnExec | Libc.NonBlocking), "eventfd");
        Register(_wake, 0, Libc.EpollIn | Libc.EpollEdge);
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Starts to watch a connection's socket; its first readiness arrives at once when it is ready already.</summary>
    public long Add(LoopConnection connection, int fd)
    {
        long id = Interlocked.Increment(ref _nextId);
        _connections[id] = connection;
        Register(fd, id, Libc.EpollIn | Libc.EpollOut | Libc.EpollRdHup | Libc.EpollEdge);
        return id;
    }

    /// <summary>Forgets a connection; closing the descriptor takes it out of epoll.</summary>
    public void Remove(long id) => _connections.TryRemove(id, out _);

    /// <summary>
    /// Lets a connection go on after the others had their turn: it has used up what it may do at one go.
    /// </summary>
    public void Later(LoopConnection connection)
    {
        _again.Enqueue(connection);
        if (Volatile.Read(ref _sleeping) == 1)
        {
            long one = 1;
            _ = Libc.Write(_wake, &one, sizeof(long));
        }
    }

    /// <summary>On a loop's own thread: runs the action when the events at hand have been handled. False on any other thread.</summary>
    public static bool TryAtTurnEnd(Action<object> action, object state)
    {
        if (_current is not { } loop)
        {
            return false;
        }

        loop._turnEnd.Add((action, state));
        return true;
    }

    private void Register(int fd, long id, int events)
    {
        Libc.EpollEvent registration = new() { Events = events, Data = id };
        Check(Libc.EpollControl(_epoll, Libc.EpollAdd, fd, &registration), "epoll_ctl");
    }

    private void Run()
    {
        _current = this;
        Libc.EpollEvent* events = stackalloc Libc.EpollEvent[BatchSize];
        while (true)
        {
            // The flag goes up before the queue is looked at, so that whoever adds after the look writes the wake-up.
            Volatile.Write(ref _sleeping, 1);
            Interlocked.MemoryBarrier();
            int timeout = _again.IsEmpty ? -1 : 0;
            int count = Libc.EpollWait(_epoll, events, BatchSize, timeout);
            Volatile.Write(ref _sleeping, 0);
            for (int i = 0; i < count; i++)
            {
                Dispatch(events[i]);
            }

            for (int left = _again.Count; left > 0 && _again.TryDequeue(out LoopConnection? connection); left--)
            {
                connection.OnTurn();
            }

            EndTurn();
        }
    }

    private void EndTurn()
    {
        // What runs here may ask for the same again: the list grows meanwhile.
        for (int i = 0; i < _turnEnd.Count; i++)
        {
            (Action<object> action, object state) = _turnEnd[i];
            action(state);
        }

        _turnEnd.Clear();
    }

    private void Dispatch(in Libc.EpollEvent e)
    {
        if (e.Data == 0)
        {
            long ignored;
            _ = Libc.Read(_wake, &ignored, sizeof(long));
        }
        else if (_connections.TryGetValue(e.Data, out LoopConnection? connection))
        {
            connection.OnReady(e.Events);
        }
    }

    private static int Check(int result, string call) => result >= 0
        ? result
        : throw new IOException($"{call} failed with errno {Marshal.GetLastPInvokeError()}");
}
