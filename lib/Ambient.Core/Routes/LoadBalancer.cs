namespace Ambient.Core.Routes;

/// <summary>How one of the endpoints is chosen.</summary>
public sealed record LoadBalancer
{
    public static LoadBalancer Default { get; } = new();

    public LoadBalancerKind Kind { get; init; }

    /// <summary>For <see cref="LoadBalancerKind.RingHash"/> and <see cref="LoadBalancerKind.Maglev"/>; a request without it goes to a random endpoint.</summary>
    public HashKey? HashKey { get; init; }

    /// <summary>At least this many points on the ring.</summary>
    public int MinRingSize { get; init; } = 1024;

    /// <summary>Size of Maglev's table; a prime.</summary>
    public int TableSize { get; init; } = 65537;

    /// <summary>For round robin, least request and peak EWMA.</summary>
    public Warmup? Warmup { get; init; }

    /// <summary>Null: as the service says (<see cref="Services.MeshService.Balancing"/>).</summary>
    public LocalityPolicy? Locality { get; init; }
}
