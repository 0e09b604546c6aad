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
        KnownKinds.PeerAuthentication, KnownKinds.AuthorizationPolicy, KnownKinds.WorkloadEntry, KnownKinds.ServiceEntry,
        KnownKinds.Gateway, KnownKinds.GatewayClass, KnownKinds.Mesh,
    ];

    public static async Task<ImmutableArray<JsonObject>> ReadAsync(KubeClient client, CancellationToken cancellation)
    {
        ImmutableArray<JsonObject>.Builder objects = ImmutableArray.CreateBuilder<JsonObject>();
        foreach (string kind in Kinds)
        {
            try
            {
                KubeList<JsonObject> list = await client.Resource(Parse(kind))
                    .ListAsync(null, new ListOptions { Limit = PageSize }, cancellation);
                objects.AddRange(list.Items);
            }
            catch (NotServedException)
            {
                // Its CRD is not installed: there are none.
            }
        }

        return objects.ToImmutable();
    }

    private static GroupKind Parse(string qualified) => qualified.Split('/') is [var group, var kind]
        ? new GroupKind(group, kind)
        : new GroupKind("", qualified);
}
