using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Relay;

/// <summary>Records the first abnormal end of a relay and ends both sides once.</summary>
internal sealed class RelayEnds
{
    private readonly Action _resetApp;
    private readonly Action _resetPeer;
    private int _broken;

    public RelayEnds(Action resetApp, Action resetPeer)
    {
        _resetApp = resetApp;
        _resetPeer = resetPeer;
    }

    public RelayResult Result { get; private set; } = RelayResult.Completed;

    public async Task WatchAsync(Task<RelayFault?> direction, bool appIsReader)
    {
        if (await direction.ConfigureAwait(false) is { } fault)
        {
            Break(fault.AtReader == appIsReader ? RelayResult.AppReset : PeerEnd(fault.Exception));
        }
    }

    /// <summary>
    /// A peer that ends and then resets without error only wants nothing more: what the application has not read yet stays readable, and it learns when it writes.
    /// </summary>
    public void OnFault(HboneStreamResetException fault) => OnFault(fault, PeerEnd(fault));

    /// <summary>The same where the first party is a tunnel too.</summary>
    public void OnAppFault(HboneStreamResetException fault) => OnFault(fault, RelayResult.AppReset);

    public void Cancel() => Break(RelayResult.Cancelled);

    private void OnFault(HboneStreamResetException fault, RelayResult result)
    {
        if (fault.ByPeer && fault.Code != ErrorCode.NoError)
        {
            Break(result);
        }
        else if (fault.ConnectionLost)
        {
            Break(RelayResult.TunnelLost);
        }
    }

    private static RelayResult PeerEnd(Exception exception) =>
        exception is HboneStreamResetException { ConnectionLost: true } ? RelayResult.TunnelLost : RelayResult.PeerReset;

    private void Break(RelayResult result)
    {
        if (Interlocked.Exchange(ref _broken, 1) != 0)
        {
            return;
        }

        Result = result;
        _resetPeer();
        _resetApp();
    }
}
