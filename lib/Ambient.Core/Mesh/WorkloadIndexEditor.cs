using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Addresses;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Core;

/// <summary>
/// One update's changes to a <see cref="WorkloadIndex"/>. Endpoints are gathered per service, so that an update that brings a
/// thousand endpoints of one service makes one new set.
/// </summary>
internal sealed class WorkloadIndexEditor
{
    private readonly WorkloadIndex _before;
    private readonly ImmutableDictionary<string, Workload>.Builder _byUid;
    private readonly ImmutableDictionary<AddressKey, ImmutableArray<Workload>>.Builder _byAddress;
    private readonly Dictionary<string, ImmutableDictionary<string, Workload>.Builder> _endpoints = [];

    public WorkloadIndexEditor(WorkloadIndex before)
    {
        _before = before;
        _byUid = before.ByUid.ToBuilder();
        _byAddress = before.ByAddress.ToBuilder();
    }

    public void Remove(string uid)
    {
        if (_byUid.TryGetValue(uid, out Workload? gone))
        {
            _byUid.Remove(uid);
            Unlink(gone, null);
        }
    }

    public void Put(Workload workload)
    {
        if (_byUid.TryGetValue(workload.Uid, out Workload? old))
        {
            Unlink(old, workload);
        }

        _byUid[workload.Uid] = workload;
        foreach (IPAddress address in AddressesFoundBy(workload))
        {
            Claim(new AddressKey(workload.Network, address), workload);
        }

        foreach (string service in workload.Services.Keys)
        {
            EndpointsOf(service)[workload.Uid] = workload;
        }
    }

    /// <summary>Gives the service's endpoints a new identity, since the service itself changed.</summary>
    public void Renew(string serviceKey)
    {
        if (_before.Endpoints.ContainsKey(serviceKey))
        {
            EndpointsOf(serviceKey);
        }
    }

    public WorkloadIndex ToIndex()
    {
        ImmutableDictionary<string, EndpointSet>.Builder endpoints = _before.Endpoints.ToBuilder();
        foreach ((string service, ImmutableDictionary<string, Workload>.Builder changed) in _endpoints)
        {
            if (changed.Count == 0)
            {
                endpoints.Remove(service);
            }
            else
            {
                endpoints[service] = new EndpointSet(changed.ToImmutable());
            }
        }

        return new WorkloadIndex(_byUid.ToImmutable(), _byAddress.ToImmutable(), endpoints.ToImmutable());
    }

    private static ImmutableArray<IPAddress> AddressesFoundBy(Workload workload) =>
        workload.NetworkMode == NetworkMode.HostNetwork ? [] : workload.Addresses;

    private ImmutableDictionary<string, Workload>.Builder EndpointsOf(string service)
    {
        if (!_endpoints.TryGetValue(service, out ImmutableDictionary<string, Workload>.Builder? builder))
        {
            builder = _before.Endpoints.GetValueOrDefault(service, EndpointSet.Empty).ByUid.ToBuilder();
            _endpoints[service] = builder;
        }

        return builder;
    }

    // A replaced workload keeps its place among the claimants of an address that it still has.
    private void Unlink(Workload old, Workload? replacement)
    {
        foreach (IPAddress address in AddressesFoundBy(old))
        {
            AddressKey key = new(old.Network, address);
            if (replacement is null || !Claims(replacement, key))
            {
                Unclaim(key, old.Uid);
            }
        }

        foreach ((string service, ImmutableArray<ServicePort> _) in old.Services)
        {
            EndpointsOf(service).Remove(old.Uid);
        }
    }

    private static bool Claims(Workload workload, AddressKey key)
    {
        foreach (IPAddress address in AddressesFoundBy(workload))
        {
            if (new AddressKey(workload.Network, address) == key)
            {
                return true;
            }
        }

        return false;
    }

    private void Claim(AddressKey key, Workload workload)
    {
        ImmutableArray<Workload> claimants = _byAddress.TryGetValue(key, out ImmutableArray<Workload> found) ? found : [];
        int at = PlaceOf(claimants, workload.Uid);
        _byAddress[key] = at < 0 ? claimants.Add(workload) : claimants.SetItem(at, workload);
    }

    private void Unclaim(AddressKey key, string uid)
    {
        if (!_byAddress.TryGetValue(key, out ImmutableArray<Workload> claimants) || PlaceOf(claimants, uid) is var at && at < 0)
        {
            return;
        }

        if (claimants.Length == 1)
        {
            _byAddress.Remove(key);
        }
        else
        {
            _byAddress[key] = claimants.RemoveAt(at);
        }
    }

    private static int PlaceOf(ImmutableArray<Workload> claimants, string uid)
    {
        for (int i = 0; i < claimants.Length; i++)
        {
            if (string.Equals(claimants[i].Uid, uid, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
