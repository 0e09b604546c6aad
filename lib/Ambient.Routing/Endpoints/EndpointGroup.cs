using System.Collections.Immutable;

namespace Ambient.Routing.Endpoints;

/// <summary>Endpoints among which one way of choosing goes.</summary>
/// <param name="Name">How near, or for which place.</param>
/// <param name="Share">Of requests, when <see cref="EndpointPlan.ByShare"/>; otherwise 0.</param>
public sealed record EndpointGroup(string Name, uint Share, ImmutableArray<PlannedEndpoint> Endpoints);
