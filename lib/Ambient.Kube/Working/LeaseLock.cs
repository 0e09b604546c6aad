using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Working;

/// <summary>The Lease that candidates compete for. Writes go through only on the version that was read.</summary>
public sealed class LeaseLock(KubeClient client, string @namespace, string name, string identity)
{
    private readonly ResourceClient<Lease> _leases = client.Resource<Lease>();

    /// <summary>Unique among candidates, e.g. the pod's name.</summary>
    public string Identity { get; } = identity;

    public Task<Lease?> FindAsync(CancellationToken cancellation) => _leases.FindAsync(@namespace, name, cancellation);

    public Task<Lease> CreateAsync(LeaseSpec spec, CancellationToken cancellation) => _leases.CreateAsync(
        new Lease { Metadata = new ObjectMeta { Name = name, Namespace = @namespace }, Spec = spec }, null, cancellation);

    public Task<Lease> ReplaceAsync(Lease read, LeaseSpec spec, CancellationToken cancellation) =>
        _leases.ReplaceAsync(read with { Spec = spec }, null, cancellation);
}
