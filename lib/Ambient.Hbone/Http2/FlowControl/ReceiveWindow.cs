namespace Ambient.Hbone.Http2.FlowControl;

/// <summary>
/// How much the peer may still send. The reading thread takes; whoever consumes the bytes releases, from any thread. Credit goes back
/// when half of the window has been consumed, so that small exchanges never send WINDOW_UPDATE.
/// </summary>
internal struct ReceiveWindow
{
    private readonly int _threshold;
    private int _available;
    private int _released;

    public ReceiveWindow(int size)
    {
        _available = size;
        _threshold = Math.Max(1, size / 2);
    }

    public bool TryTake(int bytes) => Interlocked.Add(ref _available, -bytes) >= 0;

    /// <summary>Returns the increment to announce now, or 0.</summary>
    public int Release(int bytes)
    {
        if (bytes == 0 || Interlocked.Add(ref _released, bytes) < _threshold)
        {
            return 0;
        }

        int increment = Interlocked.Exchange(ref _released, 0);
        Interlocked.Add(ref _available, increment);
        return increment;
    }
}
