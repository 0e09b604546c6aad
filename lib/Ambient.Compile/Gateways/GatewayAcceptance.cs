using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways;

/// <summary>Whether a Gateway of ours is accepted: by its parameters and its own listeners; those of ListenerSets count where it has none (Gateway API v1).</summary>
internal static class GatewayAcceptance
{
    public static Condition Of(GatewaySource gateway, ImmutableArray<ListenerPlan> own, GatewayStanding standing, bool hasSets)
    {
        int valid = own.Count(static p => p.IsValid);
        return standing.BadParameters is { } bad
            ? Condition.False(Condition.Accepted, "InvalidParameters", bad)
            : gateway.Asked.FirstOrDefault(static a => a.Type is not (ReportedAddress.IpAddress or ReportedAddress.Hostname)) is { Type: { } type }
            ? Condition.False(Condition.Accepted, "UnsupportedAddress", $"spec.addresses: {type} is no type of address here; use IPAddress, or Hostname for a Service of your own")
            : gateway.Listeners.IsEmpty && !hasSets
            ? Condition.False(Condition.Accepted, "Invalid", "spec.listeners: must have at least one listener; a waypoint has one with protocol HBONE on port 15008")
            : valid == 0 && !gateway.Listeners.IsEmpty
                ? Condition.False(Condition.Accepted, "ListenersNotValid", "no listener is valid; see status.listeners")
                : valid < own.Length
                    ? Condition.True(Condition.Accepted, "ListenersNotValid", $"{own.Length - valid} of {own.Length} listeners are not valid; see status.listeners")
                    : Condition.True(Condition.Accepted, "Accepted", "the Gateway is valid");
    }
}
