using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Hosts;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Ambient.Discovery.Codec.Resources;
using Google.Protobuf;

namespace Ambient.Benchmarks.L7;

/// <summary>The mesh of the measurement: one service of one pod behind one waypoint, with so many routes and policies.</summary>
internal static class WaypointResources
{
    internal const string Namespace = "bench";
    internal const string GatewayName = "waypoint";
    internal const string PodName = "waypoint-1";
    internal const string ServiceAddress = "10.98.0.1";

    private const string Caller = "cluster.local/ns/bench/sa/mesh-c";

    private static readonly MeshService s_gateway = new()
    {
        Name = GatewayName,
        Namespace = Namespace,
        Hostname = $"{GatewayName}.{Namespace}.svc.cluster.local",
        Addresses = [new ServiceAddress("", IPAddress.Parse("10.98.0.2"))],
        Ports = [new ServicePort(ProxyPorts.Hbone, ProxyPorts.Hbone)],
    };

    private static readonly MeshService s_app = new()
    {
        Name = "app",
        Namespace = Namespace,
        Hostname = $"app.{Namespace}.svc.cluster.local",
        Addresses = [new ServiceAddress("", IPAddress.Parse(ServiceAddress))],
        Ports = [new ServicePort(80, 8080, AppProtocol.Http11), new ServicePort(81, 8083, AppProtocol.Http2), new ServicePort(82, 8084, AppProtocol.Grpc)],
        Waypoint = new GatewayAddress(new NamespacedName(Namespace, s_gateway.Hostname), null, ProxyPorts.Hbone),
    };

    internal static MeshAdditions Of(int routes, int policies) => new(Serve,
    [
        Address(s_gateway.Key, new Istio.Workload.Address { Service = ServiceCodec.ToProto(s_gateway) }),
        Address(s_app.Key, new Istio.Workload.Address { Service = ServiceCodec.ToProto(s_app) }),
        Address("waypoint", new Istio.Workload.Address { Workload = WorkloadCodec.ToProto(Self) }),
        .. Enumerable.Range(0, policies).Select<int, ProxyResource>(Policy).Append(Table(80, routes)).Append(Table(81, routes)).Append(Table(82, routes))
            .Select(r => ("ambient.proxy.v1.ProxyResource", r.ResourceName.ToString(), (IMessage)ResourceCodec.ToProto(r))),
    ]);

    private static Workload Self => new()
    {
        Uid = $"{MeshDefaults.ClusterId}//Pod/{Namespace}/{PodName}",
        Name = PodName,
        Namespace = Namespace,
        ServiceAccount = GatewayName,
        Addresses = [IPAddress.Parse(BenchNetwork.Waypoint)],
        TunnelProtocol = TunnelProtocol.Hbone,
        NativeTunnel = true,
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(s_gateway.Key, s_gateway.Ports),
    };

    private static (string, string, IMessage) Address(string name, Istio.Workload.Address address) => ("istio.workload.Address", name, address);

    private static Workload Serve(Workload pod) => pod.Name != "mesh-s" ? pod
        : pod with { Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(s_app.Key, s_app.Ports) };

    // All but the last are for other paths.
    private static RouteTable Table(int port, int routes) => new()
    {
        Host = s_app.Hostname,
        Port = port,
        Http = [.. Enumerable.Range(0, routes).Select(i => Rule(port, i, i == routes - 1))],
    };

    private static HttpRule Rule(int port, int index, bool last) => new()
    {
        Origin = new RouteOrigin("HTTPRoute", Namespace, "app", index),
        Matches = last ? [] : [new HttpMatch { Path = new PathMatch(PathMatchKind.SegmentPrefix, string.Create(CultureInfo.InvariantCulture, $"/area-{index}")) }],
        Action = new RouteAction.Forward([new WeightedBackend { Target = new BackendTarget(s_app.Key, Namespace, s_app.Name, port) }]),
    };

    // One lets the caller in, the others deny what is not asked.
    private static RequestPolicy Policy(int index) => new()
    {
        Name = new NamespacedName(Namespace, string.Create(CultureInfo.InvariantCulture, $"policy-{index}")),
        Action = index == 0 ? RequestPolicyAction.Allow : RequestPolicyAction.Deny,
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, Namespace)],
        Rules =
        [
            index == 0 ? new RequestRule { From = [new RequestSource { Principals = [Caller] }] }
                : new RequestRule { To = [new RequestOperation { Methods = ["DELETE"], Paths = [string.Create(CultureInfo.InvariantCulture, $"/area-{index}/*")] }] },
        ],
    };
}
