using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>Who defines a service key (<c>namespace/host</c>): a Kubernetes Service before a ServiceEntry, then the oldest.</summary>
internal sealed class HostClaims
{
    private static readonly Comparer<SourceMeta> Order = Comparer<SourceMeta>.Create(static (a, b) =>
    {
        int byKind = (a.Key.Kind == KnownKinds.Service ? 0 : 1).CompareTo(b.Key.Kind == KnownKinds.Service ? 0 : 1);
        return byKind != 0 ? byKind : SourceMeta.ByAge(a, b);
    });

    private readonly Dictionary<string, SortedSet<SourceMeta>> _claims = new(StringComparer.Ordinal);

    /// <summary>Replaces the claims of one object; gives the other objects whose standing this may change.</summary>
    public IEnumerable<ObjectKey> Set(SourceMeta? oldOwner, IEnumerable<string> old, SourceMeta? newOwner, IEnumerable<string> @new)
    {
        var touched = new HashSet<ObjectKey>();
        foreach (string key in oldOwner is null ? [] : old)
        {
            if (_claims.TryGetValue(key, out var owners) && owners.Remove(oldOwner!))
            {
                touched.UnionWith(owners.Select(static o => o.Key));
            }
        }

        foreach (string key in newOwner is null ? [] : @new)
        {
            if (!_claims.TryGetValue(key, out var owners))
            {
                _claims[key] = owners = new SortedSet<SourceMeta>(Order);
            }

            touched.UnionWith(owners.Select(static o => o.Key));
            owners.Add(newOwner!);
        }

        foreach (string key in old.Where(k => _claims.TryGetValue(k, out var owners) && owners.Count == 0))
        {
            _claims.Remove(key);
        }

        return touched;
    }

    public SourceMeta? Winner(string key) => _claims.GetValueOrDefault(key)?.Min;
}
