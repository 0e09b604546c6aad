using Ambient.Policy.Requests;
using Ambient.Policy.Tokens;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>All policies for requests to one destination.</summary>
internal sealed record DestinationPolicies(RequestPolicySet Requests, TokenPolicySet Tokens)
{
    /// <summary>True when there is nothing to ask.</summary>
    public bool IsEmpty { get; } = Requests.IsEmpty && Tokens.IsEmpty;
}
