using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Watching;

/// <summary>What a watch is about: namespace, name, labels, fields.</summary>
internal sealed class WatchFilter(ApiRequest request)
{
    private readonly LabelSelector labels = LabelSelector.Parse(request.Query("labelSelector"));
    private readonly FieldSelector fields = FieldSelector.Parse(request.Query("fieldSelector"), request.Type);

    public string Shelf => request.Type.Shelf;

    public bool Matches(StoredObject stored) =>
        (request.Namespace.Length == 0 || stored.Namespace == request.Namespace)
        && (request.Name.Length == 0 || stored.Name == request.Name)
        && labels.Matches(stored.Value) && fields.Matches(stored.Value);

    /// <summary>How the watcher sees a change: an object that starts to match is ADDED, one that ceases to is DELETED; null is none of its business.</summary>
    public (string Type, StoredObject Object)? See(StoreEvent e)
    {
        bool now = e.Kind != ChangeKind.Deleted && Matches(e.Object);
        bool before = e.Previous is { } previous && Matches(previous);
        return (before, now) switch
        {
            (false, true) => ("ADDED", e.Object),
            (true, true) => ("MODIFIED", e.Object),
            (true, false) => ("DELETED", e.Object),
            _ => null,
        };
    }
}
