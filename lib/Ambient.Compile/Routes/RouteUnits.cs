using Ambient.Compile.Index;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>
/// Which units of routing exist and what each was made of, so that a change reaches those it can touch: a unit is the routes of one host
/// within the mesh, or of one Gateway. Dependencies are hosts and objects, present or not: a backend that appears counts too.
/// </summary>
internal sealed class RouteUnits
{
    private readonly Dictionary<ObjectKey, HashSet<ObjectKey>> _dependencies = [];
    private readonly Groups<ObjectKey, ObjectKey> _dependents = new();
    private readonly HashSet<ObjectKey> _wanted = [];

    /// <summary>The unit for the routes of a host, and the dependency on what is at that host.</summary>
    public static ObjectKey OfHost(string host) => new("ambient/HostRoutes", "", host);

    public static bool IsHost(ObjectKey key) => key.Kind == "ambient/HostRoutes";

    /// <summary>Secrets and ConfigMaps that units are made of, there or not.</summary>
    public IReadOnlySet<ObjectKey> Wanted => _wanted;

    public IReadOnlyCollection<ObjectKey> All => _dependencies.Keys;

    /// <summary>Replaces what a unit was made of.</summary>
    public void Set(ObjectKey unit, HashSet<ObjectKey> dependencies)
    {
        if (_dependencies.Remove(unit, out var old))
        {
            foreach (var dependency in old)
            {
                _dependents.Remove(dependency, unit);
                if (dependency.Kind is KnownKinds.Secret or KnownKinds.ConfigMap && _dependents[dependency].Count == 0)
                {
                    _wanted.Remove(dependency);
                }
            }
        }

        if (dependencies.Count == 0)
        {
            return;
        }

        _dependencies[unit] = dependencies;
        foreach (var dependency in dependencies)
        {
            _dependents.Add(dependency, unit);
            if (dependency.Kind is KnownKinds.Secret or KnownKinds.ConfigMap)
            {
                _wanted.Add(dependency);
            }
        }
    }

    public IReadOnlySet<ObjectKey> Of(ObjectKey dependency) => _dependents[dependency];

    /// <summary>Units at, or made of, what a host or wildcard stands for; the cost of a wildcard follows the number of units.</summary>
    public IEnumerable<ObjectKey> Touched(string host)
    {
        var unit = OfHost(host);
        return !RouteHosts.IsWildcard(host)
            ? _dependents[unit].Append(unit)
            : [.. _dependencies.Where(d => d.Value.Any(on => IsHost(on) && RouteHosts.Covers(host, on.Name))).Select(static d => d.Key)];
    }
}
