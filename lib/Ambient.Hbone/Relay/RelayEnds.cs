using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Relay;

/// <summary>Records the first abnormal end of a relay and ends both sides once.</summary>
internal sealed class RelayEnds
{
    private readonly MeshConnection _app;
    private readonly Action _resetPeer;
    private int _broken;

    public RelayEnds(MeshConnection app, Action resetPeer)
    {
        _app = app;
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
    public void OnFault(HboneStreamResetException fault)
    {
        if (fault.ByPeer && fault.Code != ErrorCode.NoError)
        {
            Break(PeerEnd(fault));
        }
        else if (fault.ConnectionLost)
        {
            Break(RelayResult.TunnelLost);
        }
    }

    public void Cancel() => Break(RelayResult.Cancelled);

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
        _app.Abort();
    }
}
