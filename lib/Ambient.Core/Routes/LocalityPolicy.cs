using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>DestinationRule localityLbSetting: at most one of the three lists is set.</summary>
public sealed record LocalityPolicy
{
    public bool Enabled { get; init; } = true;

    public ImmutableArray<LocalityShare> Distribute { get; init; } = [];

    /// <summary>From region to region when the first has no healthy endpoint.</summary>
    public ImmutableArray<RegionFailover> Failover { get; init; } = [];

    /// <summary>Labels (or <c>key=value</c>), most important first: an endpoint's priority is the number of leading ones that it shares.</summary>
    public ImmutableArray<string> FailoverPriority { get; init; } = [];
}
