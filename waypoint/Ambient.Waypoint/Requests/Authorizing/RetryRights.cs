using Ambient.Core.Services;
using Ambient.Policy.Requests;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>
/// Whether what was decided about a request's first endpoint holds for another: it is under the same policies, and those that look at the
/// destination say the same of it. Nobody is asked anew; where that would be needed the answer is no.
/// </summary>
internal static class RetryRights
{
    public static bool Holds(Exchange x, ClusterEndpoint next)
    {
        MeshService? service = x.ClusterState?.Service;
        string? key = x.Connection is { Service: null, Workload: not null } ? null : service?.Key;
        // Whom the backend lets in is decided there: at a gateway its own policies count, and they hold for any endpoint.
        if (x.IsGateway || x.Endpoint is not { } first || ReferenceEquals(first, next))
        {
            return true;
        }

        DestinationPolicies policies = next.PoliciesOf(x.Policies, key);
        if (!ReferenceEquals(policies, first.PoliciesOf(x.Policies, key)))
        {
            return false;
        }

        if (policies.Requests.IsEmpty)
        {
            return true;
        }

        if (x.Authorization is not { } asked)
        {
            return false;
        }

        AuthorizationRequest again = next.Address is { } address ? asked with { Destination = address } : asked;
        return policies.Requests.Decide(again).Allowed
            && policies.Requests.ProvidersFor(again).SequenceEqual(policies.Requests.ProvidersFor(asked), StringComparer.Ordinal);
    }
}
