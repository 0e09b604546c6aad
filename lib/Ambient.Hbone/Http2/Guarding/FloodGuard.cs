using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2.Guarding;

/// <summary>
/// What a peer may make us do per second before it is sent away with ENHANCE_YOUR_CALM. Honest peers stay far below each of these;
/// concurrency, windows and sizes are bounded elsewhere. Used by the reading thread only.
/// </summary>
internal sealed class FloodGuard
{
    private readonly TimeProvider _time;

    // Streams reset before we answered them (CVE-2023-44487).
    private RateBudget _earlyResets = new(400, 100);

    // Stream faults that made us send RST_STREAM (CVE-2025-8671).
    private RateBudget _faults = new(200, 50);
    private RateBudget _pings = new(200, 50);
    private RateBudget _settings = new(50, 10);
    private RateBudget _emptyData = new(100, 20);
    private RateBudget _windowUpdates = new(20_000, 10_000);

    // WINDOW_UPDATE and RST_STREAM for streams that have ended are honest when they crossed the end, one or two a stream.
    private RateBudget _late = new(20_000, 10_000);

    // PRIORITY, GOAWAY, unknown types.
    private RateBudget _useless = new(1_000, 200);

    public FloodGuard(TimeProvider time)
    {
        _time = time;
    }

    public void EarlyReset() => Take(ref _earlyResets, "too many streams reset before their answer");

    public void Fault() => Take(ref _faults, "too many stream faults");

    public void Ping() => Take(ref _pings, "PING flood");

    public void Settings() => Take(ref _settings, "SETTINGS flood");

    public void EmptyData() => Take(ref _emptyData, "flood of empty DATA");

    public void WindowUpdate() => Take(ref _windowUpdates, "WINDOW_UPDATE flood");

    public void Late() => Take(ref _late, "flood of frames for streams that have ended");

    public void Useless() => Take(ref _useless, "flood of useless frames");

    private void Take(ref RateBudget budget, string reason)
    {
        if (!budget.TryTake(_time))
        {
            throw new Http2ConnectionException(ErrorCode.EnhanceYourCalm, reason);
        }
    }
}
