namespace Ambient.Core.Routes;

public enum LoadBalancerKind
{
    /// <summary>By latency and open requests (what an unset balancer means).</summary>
    PeakEwma,

    /// <summary>The one with fewer open requests of two.</summary>
    LeastRequest,

    RoundRobin,
    Random,
    RingHash,
    Maglev,

    /// <summary>To the address that the caller asked for.</summary>
    Passthrough,
}
