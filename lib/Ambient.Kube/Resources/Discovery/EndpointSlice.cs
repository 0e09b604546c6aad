namespace Ambient.Kube.Resources;

/// <summary>discovery.k8s.io/v1 EndpointSlice; v1beta1, which servers before 1.21 have alone, reads the same way.</summary>
public sealed record EndpointSlice : KubeObject, IKubeObject<EndpointSlice>
{
    /// <summary>Names the service that a slice belongs to.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    public static GroupKind GroupKind { get; } = new("discovery.k8s.io", "EndpointSlice");

    /// <summary>IPv4, IPv6 or FQDN.</summary>
    public string AddressType { get; init; } = "";

    public IReadOnlyList<Endpoint> Endpoints { get; init => field = value ?? []; } = [];

    public IReadOnlyList<EndpointPort> Ports { get; init => field = value ?? []; } = [];
}
