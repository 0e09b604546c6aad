namespace Ambient.Core;

/// <summary>
/// Holds the current snapshot. One writer applies updates (the discovery client's loop); any thread reads <see cref="Current"/>.
/// </summary>
public sealed class MeshStore
{
    private volatile MeshSnapshot _current = MeshSnapshot.Empty;

    /// <summary>Raised on the writer's thread after the swap; a handler must not block.</summary>
    public event Action<MeshSnapshot, MeshUpdate>? Changed;

    public MeshSnapshot Current => _current;

    /// <summary>Only for the one writer.</summary>
    public MeshSnapshot Apply(MeshUpdate update)
    {
        MeshSnapshot next = _current.With(update);
        _current = next;
        Changed?.Invoke(next, update);
        return next;
    }
}
