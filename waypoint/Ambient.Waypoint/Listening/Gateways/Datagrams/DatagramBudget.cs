namespace Ambient.Waypoint.Listening.Gateways.Datagrams;

/// <summary>Sessions that all UDP ports of the process may have together: each is a socket.</summary>
internal sealed class DatagramBudget(int most)
{
    private int _taken;

    internal bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    internal void Release() => Interlocked.Decrement(ref _taken);
}
