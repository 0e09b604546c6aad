namespace Ambient.Kube.Emulator.Storage;

internal enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One change. <see cref="Object"/> is the new state, or the last one with the deletion's version.</summary>
internal sealed record StoreEvent(string Shelf, ChangeKind Kind, StoredObject Object, StoredObject? Previous)
{
    public long Version => Object.Version;
}
