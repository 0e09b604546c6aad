using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ambient.Core.Services;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>The one <see cref="ServiceName"/> of each content. Bounded; what is beyond is unknown.</summary>
internal sealed class ServiceNames
{
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<ServiceName, ServiceName> _all = [];
    private readonly ConditionalWeakTable<MeshService, ServiceName> _known = [];

    internal ServiceName Of(MeshService? service) =>
        service is null ? ServiceName.Unknown
        : _known.TryGetValue(service, out ServiceName? name) ? name
        : Learn(service);

    private ServiceName Learn(MeshService service)
    {
        ServiceName name = One(new ServiceName(service.Hostname, service.Namespace, service.Name));
        _known.AddOrUpdate(service, name);
        return name;
    }

    private ServiceName One(ServiceName name) => _all.Count >= Most && !_all.ContainsKey(name) ? ServiceName.Unknown : _all.GetOrAdd(name, name);
}
