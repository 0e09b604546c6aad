namespace Ambient.Kube.Watching;

/// <summary>Doubling waits with jitter: half to all of first, 2 × first, 4 × first … up to the maximum.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan max)
{
    private int _doublings;

    public TimeSpan Next()
    {
        TimeSpan wait = first * Math.Pow(2, _doublings);
        if (wait < max)
        {
            _doublings++;
        }
        else
        {
            wait = max;
        }

        return wait * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    public void Reset() => _doublings = 0;
}
