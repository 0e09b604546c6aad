using System.Collections.Immutable;
using System.Net;

namespace Ambient.Compile.Sources;

/// <summary>A port of a Service; the target is a number, a name of a container port, or the port itself (both empty).</summary>
internal sealed record ServicePortSource(string Name, int Port, int TargetNumber, string TargetName, string Protocol, string AppProtocol);

/// <summary>A Kubernetes Service, narrowed.</summary>
internal sealed record ServiceSource
{
    public required SourceMeta Meta { get; init; }

    public required string Type { get; init; }

    public required ImmutableArray<IPAddress> ClusterIps { get; init; }

    public required ImmutableArray<ServicePortSource> Ports { get; init; }

    public required IReadOnlyDictionary<string, string> Selector { get; init; }

    public required ImmutableArray<string> IpFamilies { get; init; }

    public required bool PublishNotReady { get; init; }

    public required string InternalTrafficPolicy { get; init; }

    public required string TrafficDistribution { get; init; }

    /// <summary>Addresses and host names that a load balancer gave it.</summary>
    public ImmutableArray<string> Ingress { get; init; } = [];

    public bool IsExternalName => Type == "ExternalName";

    public static ServiceSource Read(JsonView o, ObjectKey key)
    {
        var spec = o["spec"];
        return new ServiceSource
        {
            Meta = SourceMeta.Read(o, key),
            Type = spec.Text("type"),
            ClusterIps = [.. ClusterIpViews(spec).Select(IpText.Address).Distinct()],
            Ports = [.. spec.List("ports").Select(ReadPort)],
            Selector = spec.Map("selector"),
            IpFamilies = [.. spec.Texts("ipFamilies")],
            PublishNotReady = spec.Flag("publishNotReadyAddresses"),
            InternalTrafficPolicy = spec.Text("internalTrafficPolicy"),
            TrafficDistribution = spec.Text("trafficDistribution"),
            Ingress = [.. o["status"]["loadBalancer"].List("ingress").Select(static i => i.Text("ip") is { Length: > 0 } ip ? ip : i.Text("hostname")).Where(static v => v.Length > 0)],
        };
    }

    private static IEnumerable<JsonView> ClusterIpViews(JsonView spec)
    {
        var views = spec.List("clusterIPs").ToList();
        return (views.Count > 0 ? views : [spec["clusterIP"]]).Where(static v => v.Text() is { Length: > 0 } text && text != "None");
    }

    private static ServicePortSource ReadPort(JsonView port)
    {
        var target = port["targetPort"];
        bool named = target.Node is { } n && n.GetValueKind() == System.Text.Json.JsonValueKind.String;
        return new ServicePortSource(
            port.Text("name"), port.Port("port"), named ? 0 : port.Port("targetPort"), named ? target.Text()! : "",
            port["protocol"].Text() is { Length: > 0 } p ? p : "TCP", port.Text("appProtocol"));
    }
}
