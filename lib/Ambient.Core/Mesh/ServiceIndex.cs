using System.Collections.Immutable;
using Ambient.Core.Addresses;
using Ambient.Core.Services;

namespace Ambient.Core;

/// <summary>Services by key, host name, VIP and address range. Immutable. Lists are ordered by key, so that "first" is one answer.</summary>
internal sealed class ServiceIndex
{
    public static ServiceIndex Empty { get; } = new(
        ImmutableDictionary<string, MeshService>.Empty,
        ImmutableDictionary.Create<string, ImmutableArray<MeshService>>(StringComparer.OrdinalIgnoreCase),
        ImmutableDictionary<AddressKey, ImmutableArray<MeshService>>.Empty,
        CidrMap<MeshService>.Empty);

    private ServiceIndex(
        ImmutableDictionary<string, MeshService> byKey,
        ImmutableDictionary<string, ImmutableArray<MeshService>> byHostname,
        ImmutableDictionary<AddressKey, ImmutableArray<MeshService>> byAddress,
        CidrMap<MeshService> byRange)
    {
        ByKey = byKey;
        ByHostname = byHostname;
        ByAddress = byAddress;
        ByRange = byRange;
    }

    public ImmutableDictionary<string, MeshService> ByKey { get; }

    public ImmutableDictionary<string, ImmutableArray<MeshService>> ByHostname { get; }

    public ImmutableDictionary<AddressKey, ImmutableArray<MeshService>> ByAddress { get; }

    public CidrMap<MeshService> ByRange { get; }

    public ServiceIndex Apply(MeshUpdate update)
    {
        if (update.Services.IsEmpty && update.RemovedServices.IsEmpty)
        {
            return this;
        }

        ImmutableDictionary<string, MeshService>.Builder byKey = ByKey.ToBuilder();
        ImmutableDictionary<string, ImmutableArray<MeshService>>.Builder byHostname = ByHostname.ToBuilder();
        ImmutableDictionary<AddressKey, ImmutableArray<MeshService>>.Builder byAddress = ByAddress.ToBuilder();
        CidrMap<MeshService> byRange = ByRange;
        foreach (string key in update.RemovedServices)
        {
            Unlink(key);
        }

        foreach (MeshService service in update.Services)
        {
            Unlink(service.Key);
            Link(service);
        }

        return new ServiceIndex(byKey.ToImmutable(), byHostname.ToImmutable(), byAddress.ToImmutable(), byRange);

        void Link(MeshService service)
        {
            byKey[service.Key] = service;
            byHostname[service.Hostname] = Sorted.With(Of(byHostname, service.Hostname), service);
            foreach (ServiceAddress address in service.Addresses)
            {
                if (RangeOf(address) is { } range)
                {
                    byRange = byRange.With(address.Network, range, Sorted.With(byRange.ValuesAt(address.Network, range), service));
                }
                else
                {
                    AddressKey at = new(address.Network, address.Address);
                    byAddress[at] = Sorted.With(Of(byAddress, at), service);
                }
            }
        }

        void Unlink(string key)
        {
            if (!byKey.TryGetValue(key, out MeshService? old))
            {
                return;
            }

            byKey.Remove(key);
            SetOrRemove(byHostname, old.Hostname, Sorted.Without(Of(byHostname, old.Hostname), key));
            foreach (ServiceAddress address in old.Addresses)
            {
                if (RangeOf(address) is { } range)
                {
                    byRange = byRange.With(address.Network, range, Sorted.Without(byRange.ValuesAt(address.Network, range), key));
                }
                else
                {
                    AddressKey at = new(address.Network, address.Address);
                    SetOrRemove(byAddress, at, Sorted.Without(Of(byAddress, at), key));
                }
            }
        }
    }

    // A range of one address is that address: it is looked up as a VIP.
    private static Cidr? RangeOf(ServiceAddress address)
    {
        int width = address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128;
        return address.PrefixLength is { } length && length < width ? new Cidr(address.Address, length) : null;
    }

    private static ImmutableArray<MeshService> Of<TKey>(
        ImmutableDictionary<TKey, ImmutableArray<MeshService>>.Builder map, TKey key)
        where TKey : notnull => map.TryGetValue(key, out ImmutableArray<MeshService> found) ? found : [];

    private static void SetOrRemove<TKey>(
        ImmutableDictionary<TKey, ImmutableArray<MeshService>>.Builder map, TKey key, ImmutableArray<MeshService> values)
        where TKey : notnull
    {
        if (values.IsEmpty)
        {
            map.Remove(key);
        }
        else
        {
            map[key] = values;
        }
    }

    private static class Sorted
    {
        public static ImmutableArray<MeshService> With(ImmutableArray<MeshService> list, MeshService service)
        {
            int at = 0;
            while (at < list.Length && string.CompareOrdinal(list[at].Key, service.Key) < 0)
            {
                at++;
            }

            bool same = at < list.Length && string.Equals(list[at].Key, service.Key, StringComparison.Ordinal);
            return same ? list.SetItem(at, service) : list.Insert(at, service);
        }

        public static ImmutableArray<MeshService> Without(ImmutableArray<MeshService> list, string key)
        {
            for (int i = 0; i < list.Length; i++)
            {
                if (string.Equals(list[i].Key, key, StringComparison.Ordinal))
                {
                    return list.RemoveAt(i);
                }
            }

            return list;
        }
    }
}
