using System.Collections.Immutable;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Balancers;

namespace Ambient.Routing.Endpoints;

/// <summary>
/// Into which group an endpoint belongs. A DestinationRule's locality setting counts before what the service says; failover by it needs
/// outlier detection, without which nobody would notice that the near ones fail.
/// </summary>
internal sealed class Nearness
{
    private static readonly Nearness Alike = new();

    private readonly LocalityPolicy? _locality;
    private readonly ImmutableArray<KeyValuePair<string, uint>> _shares = [];
    private readonly ImmutableArray<BalancingScope> _preference = [];
    private readonly bool _strict;
    private readonly Workload? _self;

    private Nearness()
    {
    }

    private Nearness(Workload self, LocalityPolicy locality) => (_self, _locality) = (self, locality);

    private Nearness(ImmutableArray<KeyValuePair<string, uint>> shares) => (_shares, ByShare) = (shares, true);

    private Nearness(Workload self, Balancing balancing) =>
        (_self, _preference, _strict) = (self, balancing.Preference, balancing.Mode == BalancingMode.Strict);

    public bool ByShare { get; }

    public static Nearness Of(MeshService service, TrafficPolicy policy, Workload? self)
    {
        if (self is null)
        {
            return Alike;
        }

        if (policy.LoadBalancer.Locality is { Enabled: true } locality)
        {
            foreach (LocalityShare share in locality.Distribute)
            {
                if (LocalityPriority.Names(share.From, self.Locality))
                {
                    return new Nearness([.. share.To]);
                }
            }

            if (locality.Distribute.IsEmpty && policy.OutlierDetection is not null)
            {
                return new Nearness(self, locality);
            }
        }

        return service.Balancing.Mode is BalancingMode.Strict or BalancingMode.Failover && !service.Balancing.Preference.IsDefaultOrEmpty
            ? new Nearness(self, service.Balancing)
            : Alike;
    }

    /// <summary>From 0, nearest first; -1: gets nothing.</summary>
    public int PlaceOf(Workload endpoint)
    {
        if (ByShare)
        {
            return MostSpecific(endpoint.Locality);
        }

        if (_locality is not null)
        {
            return LocalityPriority.Of(_locality, _self!.Locality, _self.Labels, endpoint.Locality, endpoint.Labels);
        }

        if (_preference.IsEmpty)
        {
            return 0;
        }

        int place = _preference.Length - LocalityRank.Of(endpoint, _self!, _preference);
        return _strict && place > 0 ? -1 : place;
    }

    public uint ShareOf(int place) => ByShare ? _shares[place].Value : 0;

    public string NameOf(int place) => ByShare ? _shares[place].Key
        : _locality is { FailoverPriority.IsEmpty: false } ? $"{_locality.FailoverPriority.Length - place} labels shared"
        : _locality is not null ? place switch
        {
            0 => "same subzone",
            1 => "same zone",
            2 => "same region",
            3 => "region to fail over to",
            _ => "elsewhere",
        }
        : _preference.IsEmpty ? "fit"
        : place == 0 ? "as near as the service asks"
        : $"{_preference.Length - place} of {_preference.Length} scopes shared";

    private int MostSpecific(Locality place)
    {
        int found = -1;
        for (int i = 0; i < _shares.Length; i++)
        {
            if (_shares[i].Value > 0
                && LocalityPriority.Names(_shares[i].Key, place)
                && (found < 0 || Depth(_shares[i].Key) > Depth(_shares[found].Key)))
            {
                found = i;
            }
        }

        return found;
    }

    private static int Depth(string pattern) => pattern.Split('/').Count(p => p != "*");
}
