using System.Collections.Immutable;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Routing.Destinations;

/// <summary>
/// Who the peer may be: the chosen workload's identity, and the SPIFFE ids that the service's subject alternative names add.
/// Other names (DNS) are never considered.
/// </summary>
public static class ExpectedIdentities
{
    public static ImmutableArray<SpiffeId> Of(Workload endpoint, MeshService? service)
    {
        SpiffeId own = endpoint.Identity;
        if (service is null || service.SubjectAltNames.IsEmpty)
        {
            return [own];
        }

        ImmutableArray<SpiffeId>.Builder ids = ImmutableArray.CreateBuilder<SpiffeId>(service.SubjectAltNames.Length + 1);
        ids.Add(own);
        foreach (string name in service.SubjectAltNames)
        {
            if (SpiffeId.TryParse(name, out SpiffeId id) && !ids.Contains(id))
            {
                ids.Add(id);
            }
        }

        return ids.ToImmutable();
    }
}
