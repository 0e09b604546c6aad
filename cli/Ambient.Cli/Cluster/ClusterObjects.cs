using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Cli.Cluster;

/// <summary>Lists everything of a cluster that the compiler reads. A kind that the cluster does not serve has no objects.</summary>
internal static class ClusterObjects
{
    private const int PageSize = 500;

    private static readonly string[] Kinds =
    [
        KnownKinds.Namespace, KnownKinds.Node, KnownKinds.Pod, KnownKinds.Service, KnownKinds.EndpointSlice,
        KnownKinds.PeerAuthentication, KnownKinds.AuthorizationPolicy, KnownKinds.RequestAuthentication, KnownKinds.WorkloadEntry, KnownKinds.ServiceEntry,
        KnownKinds.Gateway, KnownKinds.GatewayClass, KnownKinds.HttpRoute, KnownKinds.GrpcRoute, KnownKinds.TlsRoute, KnownKinds.TcpRoute, KnownKinds.UdpRoute,
        KnownKinds.ReferenceGrant, KnownKinds.BackendTlsPolicy, KnownKinds.ListenerSet, KnownKinds.IstioGateway, KnownKinds.Telemetry, KnownKinds.Mesh,
        "networking.istio.io/VirtualService", "networking.istio.io/DestinationRule", "networking.istio.io/EnvoyFilter", "networking.istio.io/Sidecar",
        "networking.istio.io/WorkloadGroup", "linkerd.io/ServiceProfile", "split.smi-spec.io/TrafficSplit", "specs.smi-spec.io/HTTPRouteGroup",
        "ambient.dev/RateLimitPolicy", "ambient.dev/BackendPolicy",
    ];

    public static async Task<ImmutableArray<JsonObject>> ReadAsync(KubeClient client, CancellationToken cancellation)
    {
        ImmutableArray<JsonObject>.Builder objects = ImmutableArray.CreateBuilder<JsonObject>();
        foreach (string kind in Kinds)
        {
            try
            {
                await AddAsync(kind, new ListOptions { Limit = PageSize });
            }
            catch (NotServedException)
            {
                // Its CRD is not installed: there are none.
            }
        }

        try
        {
            // Certificates of gateways: only what such a Secret needs to be, and nothing where the person may not see Secrets.
            await AddAsync(KnownKinds.Secret, new ListOptions { Limit = PageSize, FieldSelector = "type=kubernetes.io/tls" });
        }
        catch (KubeException e) when (e.Status.Code == 403)
        {
            // What is said about certificates then is that they are missing.
        }

        return objects.ToImmutable();

        async Task AddAsync(string kind, ListOptions options) =>
            objects.AddRange((await client.Resource(Parse(kind)).ListAsync(null, options, cancellation)).Items);
    }

    private static GroupKind Parse(string qualified) => qualified.Split('/') is [var group, var kind]
        ? new GroupKind(group, kind)
        : new GroupKind("", qualified);
}
