using Ambient.Core.Gateways;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Gateways;

/// <param name="Listener">The one that has the host; null when none has.</param>
/// <param name="Routes">Set when found.</param>
/// <param name="Reason">Words for people; empty when found.</param>
public readonly record struct GatewayMatch(GatewayOutcome Outcome, GatewayListener? Listener, RouteMatcher? Routes, string Reason);
