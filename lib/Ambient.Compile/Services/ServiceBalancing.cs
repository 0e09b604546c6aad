using System.Collections.Immutable;
using Ambient.Compile.Sources;
using Ambient.Core.Services;

namespace Ambient.Compile.Services;

/// <summary>Where a service's endpoints are sought: internalTrafficPolicy before trafficDistribution, the service's word before its namespace's.</summary>
internal static class ServiceBalancing
{
    private const string Annotation = "networking.istio.io/traffic-distribution";

    private static readonly ImmutableArray<BalancingScope> Zone = [BalancingScope.Network, BalancingScope.Region, BalancingScope.Zone];
    private static readonly ImmutableArray<BalancingScope> Node = [.. Zone, BalancingScope.Subzone, BalancingScope.Node];

    public static Balancing Of(ServiceSource service, SourceMeta? ns)
    {
        if (service.InternalTrafficPolicy == "Local")
        {
            return new Balancing([BalancingScope.Node], BalancingMode.Strict, service.PublishNotReady);
        }

        string distribution = service.TrafficDistribution is { Length: > 0 } spec ? spec
            : service.Meta.Annotation(Annotation) is { Length: > 0 } own ? own
            : ns?.Annotation(Annotation) ?? "";
        return distribution switch
        {
            "PreferClose" or "PreferSameZone" => new Balancing(Zone, BalancingMode.Failover, service.PublishNotReady),
            "PreferSameNode" => new Balancing(Node, BalancingMode.Failover, service.PublishNotReady),
            _ => Balancing.Default with { AllowUnhealthy = service.PublishNotReady },
        };
    }
}
