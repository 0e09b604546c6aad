using Ambient.Proxy.Admin;
using Ambient.Ztunnel.Hosting;

namespace Ambient.Ztunnel.Admin;

/// <summary>Ready when the mesh is known and every pod that should be captured is; with what is missing otherwise.</summary>
internal sealed class Readiness(NodeContext node, Func<bool> settled)
{
    private volatile bool _started, _leaving;

    /// <summary>Listeners are served, taken over or opened.</summary>
    internal void MarkStarted() => _started = true;

    /// <summary>A newer process serves, or this one ends.</summary>
    internal void MarkLeaving() => _leaving = true;

    internal AdminReply Answer()
    {
        string[] pending =
        [
            .. _leaving ? ["leaving"] : Array.Empty<string>(),
            .. node.Mesh.IsReady ? Array.Empty<string>() : ["state manager"],
            .. _started ? Array.Empty<string>() : ["proxy"],
            .. settled() ? Array.Empty<string>() : ["workload proxy manager"],
        ];
        return pending.Length == 0
            ? AdminReply.Text(200, "ready")
            : AdminReply.Text(500, $"not ready, pending: {string.Join(", ", pending)}");
    }
}
