namespace Ambient.Discovery.Subscribing;

/// <summary>Doubles from attempt to attempt up to a cap; between half and the whole of it is waited, so that proxies do not come back together.</summary>
internal sealed class ReconnectDelay(TimeSpan first, TimeSpan max)
{
    private TimeSpan? _later;

    /// <summary>After a stream that worked.</summary>
    public void Reset() => _later = null;

    /// <param name="random">0 to 1.</param>
    public TimeSpan Next(double random)
    {
        TimeSpan now = _later ?? first;
        _later = now * 2 < max ? now * 2 : max;
        return now * (0.5 + (0.5 * random));
    }
}
