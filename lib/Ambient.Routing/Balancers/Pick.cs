namespace Ambient.Routing.Balancers;

/// <summary>The chosen endpoint.</summary>
/// <param name="Endpoint">Null: there is none to choose (503).</param>
/// <param name="Panic">Health was ignored, because too few are healthy.</param>
public readonly record struct Pick(BalancedEndpoint? Endpoint, bool Panic = false);
