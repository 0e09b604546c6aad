namespace Ambient.Routing.Balancers;

/// <summary>What a choice depends on beside the endpoints.</summary>
/// <param name="Hash">For hashing balancers; null: the request has no key.</param>
/// <param name="Tried">Endpoints that this request has tried: avoided while an untried one remains. Null: none.</param>
/// <param name="OnlyUntried">Rather none than a tried one.</param>
public readonly record struct PickRequest(ulong? Hash = null, IReadOnlyCollection<BalancedEndpoint>? Tried = null, bool OnlyUntried = false);
