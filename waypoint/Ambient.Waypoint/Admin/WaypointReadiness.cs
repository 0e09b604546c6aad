using Ambient.Proxy.Admin;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Admin;

/// <summary>Ready when the mesh is known and compiled, the certificate is there and the listeners are open; with what is missing otherwise.</summary>
internal sealed class WaypointReadiness(WaypointMesh mesh, Func<bool> hasCertificate)
{
    private volatile bool _started, _leaving;

    /// <summary>Listeners are open.</summary>
    internal void MarkStarted() => _started = true;

    internal void MarkLeaving() => _leaving = true;

    internal AdminReply Answer()
    {
        string[] pending =
        [
            .. _leaving ? ["leaving"] : Array.Empty<string>(),
            .. mesh.IsReady ? Array.Empty<string>() : ["mesh"],
            .. hasCertificate() ? Array.Empty<string>() : ["certificate"],
            .. _started ? Array.Empty<string>() : ["listeners"],
        ];
        return pending.Length == 0
            ? AdminReply.Text(200, "ready")
            : AdminReply.Text(500, $"not ready, pending: {string.Join(", ", pending)}");
    }
}
