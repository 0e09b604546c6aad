using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Policies;
using Ambient.Core.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Tests.Telemetry;

/// <summary>Records as the pipeline leaves them.</summary>
internal static class Records
{
    internal static MeshService Orders { get; } = new() { Name = "orders", Namespace = "shop", Hostname = "orders.shop.svc.cluster.local" };

    internal static Workload Web { get; } = Pod("web", "front", "web-1");

    internal static Workload OrdersPod { get; } = Pod("shop", "orders", "orders-1");

    internal static Workload Pod(string ns, string name, string pod) => new()
    {
        Uid = $"Kubernetes//Pod/{ns}/{pod}",
        Name = pod,
        Namespace = ns,
        ServiceAccount = name,
        WorkloadName = name,
        CanonicalName = name,
        CanonicalRevision = "v1",
    };

    internal static RequestRecord Answered(int status = 200) => new()
    {
        StartTime = new DateTimeOffset(2030, 5, 17, 9, 30, 0, 123, TimeSpan.Zero),
        Duration = TimeSpan.FromMilliseconds(7.5),
        UpstreamTime = TimeSpan.FromMilliseconds(6),
        Caller = new PeerIdentity.Verified(Web.Identity),
        CallerWorkload = Web,
        Source = new IPEndPoint(IPAddress.Parse("10.1.0.5"), 40_000),
        Local = new IPEndPoint(IPAddress.Parse("10.96.0.10"), 80),
        Method = "GET",
        Path = "/orders/7?full=1",
        Authority = "orders:80",
        UserAgent = "curl/8",
        RequestId = "0f3a",
        Service = Orders,
        Route = new RouteOrigin("VirtualService", "shop", "orders", 2, "canary"),
        Backend = new BackendTarget(Orders.Key, "shop", "orders", 80, "v2"),
        Cluster = new ClusterKey(Orders.Key, 80, "v2"),
        Endpoint = OrdersPod,
        EndpointId = OrdersPod.Identity,
        UpstreamHost = new IPEndPoint(IPAddress.Parse("10.1.0.9"), 8080),
        UpstreamLocal = new IPEndPoint(IPAddress.Parse("10.1.0.2"), 50_000),
        Attempts = 1,
        Status = status,
        RequestBytes = 10,
        ResponseBytes = 2_000,
    };

    internal static RequestRecord Denied()
    {
        RequestRecord record = Answered(403);
        (record.Endpoint, record.EndpointId, record.UpstreamHost, record.UpstreamLocal, record.UpstreamTime, record.Cluster, record.Attempts) = (null, null, null, null, null, null, 0);
        (record.Reason, record.Detail, record.Flags) = ("policy-denied", "AuthorizationPolicy shop/only-get", ResponseFlags.UnauthorizedExternalService);
        (record.Policy, record.PolicyRule) = (new PolicyOrigin("AuthorizationPolicy", "shop", "only-get"), 1);
        return record;
    }

    internal sealed class Headers(params (string Name, string Value)[] all) : IRequestHeaders
    {
        public string? ValueOf(string name) => all.FirstOrDefault(h => h.Name == name).Value;
    }
}
