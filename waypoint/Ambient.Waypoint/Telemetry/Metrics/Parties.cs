using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ambient.Core.Identity;
using Ambient.Core.Workloads;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>
/// The one <see cref="Party"/> of each content. Found by the workload's object where it proves its own identity, which is how it is with
/// nearly every request. Bounded; what is beyond is unknown.
/// </summary>
internal sealed class Parties
{
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<Party, Party> _all = [];
    private readonly ConditionalWeakTable<Workload, Party> _proven = [];
    private readonly ConditionalWeakTable<Workload, Party> _plain = [];
    private readonly ConcurrentDictionary<SpiffeId, Party> _strangers = [];

    internal Party Of(Workload? workload, SpiffeId? id)
    {
        if (workload is null)
        {
            return id is { } stranger ? Stranger(stranger) : Party.Unknown;
        }

        if (id is { } other && !IsOwn(workload, other))
        {
            return One(Party.Of(workload, id));
        }

        ConditionalWeakTable<Workload, Party> known = id is null ? _plain : _proven;
        return known.TryGetValue(workload, out Party? party) ? party : Learn(known, workload, id);
    }

    private Party Learn(ConditionalWeakTable<Workload, Party> known, Workload workload, SpiffeId? id)
    {
        Party party = One(Party.Of(workload, id));
        known.AddOrUpdate(workload, party);
        return party;
    }

    // Field by field: the workload's identity as an object would be made for each question.
    private static bool IsOwn(Workload workload, SpiffeId id) =>
        workload.ServiceAccount == id.ServiceAccount && workload.Namespace == id.Namespace && workload.TrustDomain == id.TrustDomain;

    private Party Stranger(SpiffeId id) =>
        _strangers.TryGetValue(id, out Party? party) ? party
        : _strangers.Count >= Most ? Party.Unknown
        : _strangers.GetOrAdd(id, static (i, parties) => parties.One(Party.Of(null, i)), this);

    private Party One(Party party) => _all.Count >= Most && !_all.ContainsKey(party) ? Party.Unknown : _all.GetOrAdd(party, party);
}
