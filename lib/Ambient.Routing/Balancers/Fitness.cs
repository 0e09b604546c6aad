namespace Ambient.Routing.Balancers;

/// <summary>Which endpoints one choice may take. A value, so that choosing allocates nothing.</summary>
internal readonly struct Fitness(
    EndpointBalancer owner, bool panic, IReadOnlyCollection<BalancedEndpoint>? without = null, BalancedEndpoint? except = null)
{
    public bool Takes(BalancedEndpoint endpoint) =>
        endpoint != except && (without is not { Count: > 0 } || !without.Contains(endpoint)) && owner.May(endpoint, panic);

    /// <summary>One less.</summary>
    public Fitness Without(BalancedEndpoint endpoint) => new(owner, panic, without, endpoint);
}
