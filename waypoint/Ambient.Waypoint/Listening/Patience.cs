namespace Ambient.Waypoint.Listening;

/// <summary>A time limit that also ends when the process leaves.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _either;

    internal Patience(TimeSpan time, TimeProvider clock, CancellationToken leaving)
    {
        _limit = new CancellationTokenSource(time, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, leaving);
    }

    internal CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _limit.Dispose();
    }
}
