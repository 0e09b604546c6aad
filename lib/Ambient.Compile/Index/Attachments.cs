using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>How many workloads each policy applies to. Workloads of one class share one list, so that a change costs what differs.</summary>
internal sealed class Attachments
{
    private readonly Dictionary<ObjectKey, (IReadOnlyList<ObjectKey> Policies, bool BehindWaypoint)> _ofWorkload = [];
    private readonly Dictionary<ObjectKey, Spread> _spreads = [];
    private Difference _last = new([], [], [], []);

    private sealed record Difference(
        IReadOnlyList<ObjectKey> Old, IReadOnlyList<ObjectKey> New, IReadOnlyList<ObjectKey> Gone, IReadOnlyList<ObjectKey> Come);

    /// <summary>Counts how often some policy came to have workloads behind a waypoint, or lost the last: who lists what may then differ.</summary>
    public long Turns { get; private set; }

    public Spread Of(ObjectKey policy) => _spreads.GetValueOrDefault(policy);

    /// <summary>Replaces what applies to one workload; adds the policies whose <see cref="Spread.Shape"/> changed, with that before.</summary>
    public void Set(ObjectKey workload, IReadOnlyList<ObjectKey> policies, bool behindWaypoint, Dictionary<ObjectKey, (bool Direct, bool BehindWaypoint)> changed)
    {
        var (old, wasBehind) = _ofWorkload.GetValueOrDefault(workload, ([], behindWaypoint));
        if (ReferenceEquals(old, policies) && wasBehind == behindWaypoint)
        {
            return;
        }

        var (gone, come) = wasBehind == behindWaypoint ? Between(old, policies) : (old, policies);
        Count(gone, wasBehind, -1, changed);
        Count(come, behindWaypoint, 1, changed);
        if (policies.Count > 0)
        {
            _ofWorkload[workload] = (policies, behindWaypoint);
        }
        else
        {
            _ofWorkload.Remove(workload);
        }

        foreach (var (policy, before) in changed)
        {
            var now = Of(policy).Shape;
            if (now == before)
            {
                changed.Remove(policy);
            }
            else if (now.BehindWaypoint != before.BehindWaypoint)
            {
                Turns++;
            }
        }
    }

    private (IReadOnlyList<ObjectKey> Gone, IReadOnlyList<ObjectKey> Come) Between(IReadOnlyList<ObjectKey> old, IReadOnlyList<ObjectKey> @new)
    {
        if (old.Count == 0 || @new.Count == 0)
        {
            return (old, @new);
        }

        if (!ReferenceEquals(_last.Old, old) || !ReferenceEquals(_last.New, @new))
        {
            _last = new Difference(old, @new, [.. old.Except(@new)], [.. @new.Except(old)]);
        }

        return (_last.Gone, _last.Come);
    }

    private void Count(IReadOnlyList<ObjectKey> policies, bool behindWaypoint, int by, Dictionary<ObjectKey, (bool, bool)> before)
    {
        for (int i = 0; i < policies.Count; i++)
        {
            var policy = policies[i];
            var was = Of(policy);
            var spread = behindWaypoint
                ? was with { BehindWaypoint = was.BehindWaypoint + by }
                : was with { Direct = was.Direct + by };
            if (spread.Shape != was.Shape)
            {
                before.TryAdd(policy, was.Shape);
            }

            if (spread.IsEmpty)
            {
                _spreads.Remove(policy);
            }
            else
            {
                _spreads[policy] = spread;
            }
        }
    }
}
