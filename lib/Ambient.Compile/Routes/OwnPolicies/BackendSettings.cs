using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.OwnPolicies;

/// <summary>What a BackendPolicy says; null: nothing.</summary>
/// <param name="PanicThreshold">0 to 100.</param>
internal sealed record BackendSettings(HealthCheck? HealthCheck, double? PanicThreshold, LoadBalancerKind? Balancer)
{
    /// <summary>Goes over what DestinationRules say, a balancer with what belongs to another one's hash left in place.</summary>
    public TrafficPolicy Over(TrafficPolicy policy) => policy with
    {
        HealthCheck = HealthCheck ?? policy.HealthCheck,
        PanicThreshold = PanicThreshold ?? policy.PanicThreshold,
        LoadBalancer = Balancer is not { } kind ? policy.LoadBalancer : policy.LoadBalancer with
        {
            Kind = kind,
            HashKey = kind is LoadBalancerKind.RingHash or LoadBalancerKind.Maglev ? policy.LoadBalancer.HashKey ?? new HashKey(HashKeyKind.SourceAddress) : null,
        },
    };
}
