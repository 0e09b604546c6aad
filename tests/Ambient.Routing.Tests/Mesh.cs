using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Routing.Tests;

/// <summary>Short words for the parts of a mesh.</summary>
internal static class Mesh
{
    public static Workload Client { get; } = Pod("web", "front", "10.1.0.1") with
    {
        Node = "node-1",
        Locality = new Locality("eu", "eu-a", ""),
    };

    public static Workload Pod(string ns, string name, string address) => new()
    {
        Uid = $"Kubernetes//Pod/{ns}/{name}",
        Name = name,
        Namespace = ns,
        ServiceAccount = name,
        Addresses = [IPAddress.Parse(address)],
        TunnelProtocol = TunnelProtocol.Hbone,
    };

    public static Workload Serving(this Workload workload, MeshService service, int port = 80, int target = 8080) =>
        workload with { Services = workload.Services.SetItem(service.Key, [new ServicePort(port, target)]) };

    public static MeshService Service(string name, string vip = "10.96.0.1", int port = 80) => new()
    {
        Name = name,
        Namespace = "shop",
        Hostname = $"{name}.shop.svc.cluster.local",
        Addresses = vip.Length == 0 ? [] : [new ServiceAddress("", IPAddress.Parse(vip))],
        Ports = [new ServicePort(port, 0)],
    };

    public static GatewayAddress At(MeshService service) =>
        new(new NamespacedName(service.Namespace, service.Hostname), null, GatewayAddress.DefaultHbonePort);

    public static MeshSnapshot Of(params object[] parts) => MeshSnapshot.Empty.With(new MeshUpdate
    {
        Workloads = [.. parts.OfType<Workload>()],
        Services = [.. parts.OfType<MeshService>()],
        Settings = parts.OfType<MeshSettings>().SingleOrDefault(),
    });
}
