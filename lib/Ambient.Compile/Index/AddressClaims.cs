using System.Net;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>
/// Who says that an address is theirs. A pod is believed before anything that people write (its address comes from the cluster), then the
/// oldest; the others lose that address.
/// </summary>
internal sealed class AddressClaims
{
    private static readonly Comparer<SourceMeta> Order = Comparer<SourceMeta>.Create(static (a, b) =>
    {
        int byKind = Rank(a).CompareTo(Rank(b));
        return byKind != 0 ? byKind : SourceMeta.ByAge(a, b);
    });

    private readonly Dictionary<IPAddress, SortedSet<SourceMeta>> _claims = [];

    /// <summary>Replaces the claims of one object; gives the other objects whose standing this may change.</summary>
    public IEnumerable<ObjectKey> Set(SourceMeta? oldOwner, IEnumerable<IPAddress> old, SourceMeta? newOwner, IEnumerable<IPAddress> @new)
    {
        var touched = new HashSet<ObjectKey>();
        foreach (var address in oldOwner is null ? [] : old)
        {
            if (_claims.TryGetValue(address, out var owners) && owners.Remove(oldOwner!))
            {
                touched.UnionWith(owners.Select(static o => o.Key));
                if (owners.Count == 0)
                {
                    _claims.Remove(address);
                }
            }
        }

        foreach (var address in newOwner is null ? [] : @new)
        {
            if (!_claims.TryGetValue(address, out var owners))
            {
                _claims[address] = owners = new SortedSet<SourceMeta>(Order);
            }

            touched.UnionWith(owners.Select(static o => o.Key));
            owners.Add(newOwner!);
        }

        return touched;
    }

    /// <summary>The object that has the address; null when nobody claims it.</summary>
    public SourceMeta? Winner(IPAddress address) => _claims.GetValueOrDefault(address)?.Min;

    /// <summary>A pod or a WorkloadEntry has it: then it is nobody else's. Addresses outside may stand in several lists of endpoints.</summary>
    public bool IsOfWorkload(IPAddress address) => Winner(address)?.Key.Kind is KnownKinds.Pod or KnownKinds.WorkloadEntry;

    private static int Rank(SourceMeta owner) => owner.Key.Kind switch
    {
        KnownKinds.Pod => 0,
        KnownKinds.WorkloadEntry => 1,
        _ => 2,
    };
}
