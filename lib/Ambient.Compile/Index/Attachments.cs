using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>Which policies apply to which workload objects, both ways.</summary>
internal sealed class Attachments
{
    private readonly Dictionary<ObjectKey, (IReadOnlyList<ObjectKey> Policies, bool BehindWaypoint)> _ofWorkload = [];
    private readonly Dictionary<ObjectKey, Spread> _spreads = [];
    private readonly Groups<ObjectKey, ObjectKey> _workloads = new();

    public Spread Of(ObjectKey policy) => _spreads.GetValueOrDefault(policy);

    public IReadOnlySet<ObjectKey> WorkloadsOf(ObjectKey policy) => _workloads[policy];

    /// <summary>Replaces what applies to one workload; gives the policies whose <see cref="Spread.Shape"/> changed.</summary>
    public List<ObjectKey> Set(ObjectKey workload, IReadOnlyList<ObjectKey> policies, bool behindWaypoint)
    {
        var before = new Dictionary<ObjectKey, (bool, bool)>();
        if (_ofWorkload.Remove(workload, out var old))
        {
            foreach (var policy in old.Policies)
            {
                before.TryAdd(policy, Of(policy).Shape);
                _workloads.Remove(policy, workload);
                Count(policy, old.BehindWaypoint, -1);
            }
        }

        foreach (var policy in policies)
        {
            before.TryAdd(policy, Of(policy).Shape);
            _workloads.Add(policy, workload);
            Count(policy, behindWaypoint, 1);
        }

        if (policies.Count > 0)
        {
            _ofWorkload[workload] = (policies, behindWaypoint);
        }

        return [.. before.Where(b => Of(b.Key).Shape != b.Value).Select(static b => b.Key)];
    }

    private void Count(ObjectKey policy, bool behindWaypoint, int by)
    {
        var spread = Of(policy);
        spread = behindWaypoint
            ? spread with { BehindWaypoint = spread.BehindWaypoint + by }
            : spread with { Direct = spread.Direct + by };
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
