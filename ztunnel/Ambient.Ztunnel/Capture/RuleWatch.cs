namespace Ambient.Ztunnel.Capture;

/// <summary>
/// When somebody's rules have to be listed to see whether ours still stand: only after something changed in that namespace, and less and
/// less often where somebody changes his own all the time. One caller at a time.
/// </summary>
internal sealed class RuleWatch : IDisposable
{
    private const int LongestPause = 12, LongestPauseAfterLoss = 4;

    private NftGeneration? _generation;
    private uint? _seen;
    private int _pause, _skip;

    /// <summary>Before the rules are listed, on a thread in their namespace: what changes from here on is noticed.</summary>
    internal void Mark()
    {
        _generation ??= NftGeneration.Open();
        _seen = _generation.Read();
    }

    /// <summary>
    /// Before one transaction of our own, on a thread in the namespace: it raises the number by one, so that whatever else comes, even in
    /// the same moment, is noticed.
    /// </summary>
    internal void MarkBeforeOwnChange()
    {
        Mark();
        _seen = unchecked(_seen + 1);
    }

    /// <summary>From any thread, at each look.</summary>
    internal bool MayHaveChanged()
    {
        if (_seen is { } seen && _generation?.Read() == seen)
        {
            _pause = _skip = 0;
            return false;
        }

        if (_skip > 0)
        {
            _skip--;
            return false;
        }

        return true;
    }

    /// <summary>After a listing: were ours gone?</summary>
    internal void Looked(bool lost)
    {
        _pause = Math.Min(_pause == 0 ? 1 : _pause * 2, lost ? LongestPauseAfterLoss : LongestPause);
        _skip = _pause - 1;
    }

    public void Dispose() => _generation?.Dispose();
}
