using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Controllers;

/// <summary>Which objects name an owner's uid. Owned by the garbage collector's one task.</summary>
internal sealed class DependentIndex
{
    private readonly Dictionary<string, HashSet<(string Shelf, string Key)>> byOwner = new(StringComparer.Ordinal);

    public void Follow(StoreEvent e)
    {
        foreach (string uid in Owners(e.Previous))
        {
            if (byOwner.TryGetValue(uid, out var set) && set.Remove((e.Shelf, e.Object.Key)) && set.Count == 0)
            {
                byOwner.Remove(uid);
            }
        }

        if (e.Kind == ChangeKind.Deleted)
        {
            return;
        }

        foreach (string uid in Owners(e.Object))
        {
            if (!byOwner.TryGetValue(uid, out var set))
            {
                byOwner[uid] = set = [];
            }

            set.Add((e.Shelf, e.Object.Key));
        }
    }

    public void Clear() => byOwner.Clear();

    public (string Shelf, string Key)[] Of(string ownerUid) => byOwner.TryGetValue(ownerUid, out var set) ? [.. set] : [];

    private static IEnumerable<string> Owners(StoredObject? stored) =>
        stored?.Value.Items("metadata", "ownerReferences").Select(o => o.Text("uid") ?? "") ?? [];
}
