using System.Net;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>Who says that an address is theirs. The oldest is believed; the others lose that address.</summary>
internal sealed class AddressClaims
{
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
                _claims[address] = owners = new SortedSet<SourceMeta>(Comparer<SourceMeta>.Create(SourceMeta.ByAge));
            }

            touched.UnionWith(owners.Select(static o => o.Key));
            owners.Add(newOwner!);
        }

        return touched;
    }

    /// <summary>The object that has the address; null when nobody claims it.</summary>
    public SourceMeta? Winner(IPAddress address) => _claims.GetValueOrDefault(address)?.Min;
}
