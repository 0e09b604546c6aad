using System.Net;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Discovery.Tests;

/// <summary>Resources of a small shop.</summary>
internal static class Mesh
{
    public static Workload Workload(int number, string revision = "v1") => new()
    {
        Uid = $"Kubernetes//Pod/shop/orders-{number}",
        Name = $"orders-{number}",
        Namespace = "shop",
        Addresses = [new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number])],
        ServiceAccount = "orders",
        TunnelProtocol = TunnelProtocol.Hbone,
        Node = "node-1",
        CanonicalName = "orders",
        CanonicalRevision = revision,
        Services = System.Collections.Immutable.ImmutableDictionary<string, System.Collections.Immutable.ImmutableArray<ServicePort>>.Empty
            .Add("shop/orders.shop.svc.cluster.local", [new ServicePort(80, 8080, AppProtocol.Http11)]),
    };

    public static MeshService Service(string name = "orders", string address = "10.96.0.10") => new()
    {
        Name = name,
        Namespace = "shop",
        Hostname = $"{name}.shop.svc.cluster.local",
        Addresses = [new ServiceAddress("", IPAddress.Parse(address))],
        Ports = [new ServicePort(80, 8080, AppProtocol.Http11)],
    };

    public static AuthorizationPolicy Policy(string name = "only-web") => new()
    {
        Name = new NamespacedName("shop", name),
        Scope = PolicyScope.Namespace,
        Action = PolicyAction.Allow,
        Rules = [new([new([new() { Principals = [StringMatch.Parse("cluster.local/ns/shop/sa/web")] }])])],
        Origin = new PolicyOrigin("AuthorizationPolicy", "shop", name),
    };

    public static PodEnrolment Enrolment(string podUid, bool enrolled = true) => new()
    {
        PodUid = podUid,
        Namespace = "shop",
        Name = $"pod-{podUid}",
        ServiceAccount = "orders",
        Enrolled = enrolled,
        Reason = "namespace label",
    };
}
