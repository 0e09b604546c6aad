using System.Net;
using System.Net.Sockets;
using Ambient.Compile.Services;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>
/// Who has which automatic address: by its status, the oldest first, or chosen and not written yet; and which are somebody's by his own
/// word and so are nobody else's.
/// </summary>
internal sealed class AutoAddresses
{
    private readonly AddressClaims _claims = new();
    private readonly Groups<IPAddress, ObjectKey> _written = new();
    private readonly HashSet<IPAddress> _chosen = [];
    private readonly Groups<ObjectKey, IPAddress> _choices = new();

    /// <summary>Replaces what one entry says; gives the other entries whose addresses this may change.</summary>
    public IEnumerable<ObjectKey> Set(ServiceEntrySource? old, ServiceEntrySource? @new)
    {
        foreach (var address in WrittenBy(old))
        {
            _written.Remove(address, old!.Meta.Key);
        }

        foreach (var address in WrittenBy(@new))
        {
            _written.Add(address, @new!.Meta.Key);
        }

        var touched = _claims.Set(old?.Meta, StatusOf(old), @new?.Meta, StatusOf(@new));
        return touched.Concat(WrittenBy(@new).Select(a => _claims.Winner(a)?.Key).OfType<ObjectKey>());
    }

    /// <summary>The entry may be found by the address that its status has.</summary>
    public bool IsOf(ObjectKey entry, IPAddress address) => _claims.Winner(address)?.Key == entry && _written[address].All(k => k == entry);

    /// <summary>Takes back what was chosen for an entry, before it is chosen anew.</summary>
    public void Forget(ObjectKey entry)
    {
        foreach (var address in _choices[entry].ToList())
        {
            _choices.Remove(entry, address);
            _chosen.Remove(address);
        }
    }

    /// <summary>What stands in the entry's status for the host, else the first choices that are free; fewer than two when none is left.</summary>
    public IEnumerable<IPAddress> For(ServiceEntrySource entry, string host)
    {
        var key = entry.Meta.Key;
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            if (entry.Allocated.FirstOrDefault(a => a.Host == host && a.Address.AddressFamily == family && IsOf(key, a.Address)) is { } standing)
            {
                yield return standing.Address;
            }
            else if (AutoAddress.Choices(key, host).Select(c => family == AddressFamily.InterNetwork ? c.V4 : c.V6).FirstOrDefault(IsFree) is { } chosen)
            {
                _chosen.Add(chosen);
                _choices.Add(key, chosen);
                yield return chosen;
            }
        }
    }

    private bool IsFree(IPAddress address) => _written[address].Count == 0 && !_chosen.Contains(address) && _claims.Winner(address) is null;

    private static IEnumerable<IPAddress> StatusOf(ServiceEntrySource? entry) => entry is null ? [] : entry.Allocated.Select(static a => a.Address).Distinct();

    private static IEnumerable<IPAddress> WrittenBy(ServiceEntrySource? entry) =>
        (entry?.Spec?.Addresses ?? []).Select(static a => IpText.TryAddress(a, out var address) ? address : null).OfType<IPAddress>().Distinct();
}
