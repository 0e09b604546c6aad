using Ambient.Core;
using Ambient.Proxy.Hosting;
using Ambient.Proxy.Mesh;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Mesh;

/// <summary>
/// Holds the current <see cref="WaypointState"/>. Compiled on the thread pool whenever the mesh has changed, any number of changes at once,
/// and swapped whole; requests go on with what they took.
/// </summary>
internal sealed class WaypointMesh
{
    private readonly MeshView _view;
    private readonly string _selfUid;
    private readonly NamespacedName _gateway;
    private readonly ILogger _log;
    private readonly DirtyLoop _loop;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WaypointState _current = WaypointState.Empty;

    internal WaypointMesh(MeshView view, string selfUid, NamespacedName gateway, ILogger log)
    {
        _view = view;
        _selfUid = selfUid;
        _gateway = gateway;
        _log = log;
        _loop = new DirtyLoop(CompileAsync);
        view.Changed += (_, _) => _loop.Wake();
        view.BecameReady += _loop.Wake;
    }

    /// <summary>Raised after each swap, on the thread pool; a handler must not block or throw.</summary>
    internal event Action<WaypointState>? Changed;

    internal WaypointState Current => _current;

    /// <summary>A complete mesh has been compiled: from the operator, or as an earlier process kept it.</summary>
    internal bool IsReady => _ready.Task.IsCompleted;

    internal Task WhenReady => _ready.Task;

    internal Task StopAsync() => _loop.StopAsync();

    private Task CompileAsync()
    {
        try
        {
            // Asked before the snapshot is taken: what is ready then is in it.
            bool complete = _view.IsReady;
            WaypointState next = _current.Next(_view.Current, _selfUid, _gateway);
            _current = next;
            Changed?.Invoke(next);
            if (complete)
            {
                _ready.TrySetResult();
            }
        }
        catch (Exception e)
        {
            // A fault of ours: the last good state stays in force rather than the loop's end.
            WaypointMeshLog.NotCompiled(_log, e);
        }

        return Task.CompletedTask;
    }
}
