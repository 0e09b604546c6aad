using System.Collections.Immutable;
using System.Net;

namespace Ambient.Compile.Sources;

/// <summary>One endpoint of a slice. <paramref name="Pod"/> names the pod of the same namespace behind it, empty when it is none.</summary>
internal sealed record SliceEndpoint(ImmutableArray<IPAddress> Addresses, string Pod, bool Ready, string Node, string Zone);

/// <summary>An EndpointSlice: consulted for services without selector.</summary>
internal sealed record SliceSource
{
    public required SourceMeta Meta { get; init; }

    public required string Service { get; init; }

    public required ImmutableArray<SliceEndpoint> Endpoints { get; init; }

    public required ImmutableArray<NamedPort> Ports { get; init; }

    public static SliceSource Read(JsonView o, ObjectKey key)
    {
        var meta = SourceMeta.Read(o, key);
        bool isFqdn = o.Text("addressType") == "FQDN";
        return new SliceSource
        {
            Meta = meta,
            Service = meta.Label("kubernetes.io/service-name"),
            Endpoints = isFqdn ? [] : [.. o.List("endpoints").Select(ReadEndpoint)],
            Ports = [.. o.List("ports").Select(static p => NamedPort.Read(p, "port"))],
        };
    }

    private static SliceEndpoint ReadEndpoint(JsonView endpoint)
    {
        var addresses = endpoint.List("addresses").Select(IpText.Address);
        var target = endpoint["targetRef"];
        var ready = endpoint["conditions"]["ready"];
        return new SliceEndpoint(
            [.. addresses], target.Exists && target.Text("kind") == "Pod" ? target.Text("name") : "",
            !ready.Exists || endpoint["conditions"].Flag("ready"), endpoint.Text("nodeName"), endpoint.Text("zone"));
    }
}
