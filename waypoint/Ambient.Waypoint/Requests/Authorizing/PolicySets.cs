using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Requests;
using Ambient.Policy.Tokens;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>
/// The policies of one mesh by destination. Endpoints to which the same policies apply share one set. Made anew when policies change; immutable
/// but for what it remembers.
/// </summary>
internal sealed class PolicySets
{
    private readonly ImmutableArray<RequestPolicy> _requests;
    private readonly ImmutableArray<TokenPolicy> _tokens;
    private readonly string _gateway;
    private readonly long _version;
    private readonly ConcurrentDictionary<string, DestinationPolicies> _made = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<Workload, DestinationPolicies> _ofSelf = [];
    private readonly ConcurrentDictionary<string, DestinationPolicies> _services = new(StringComparer.Ordinal);

    private PolicySets(ImmutableArray<RequestPolicy> requests, ImmutableArray<TokenPolicy> tokens, NamespacedName gateway, long version)
    {
        _requests = requests;
        _tokens = tokens;
        _gateway = gateway.ToString();
        _version = version;
    }

    /// <param name="gateway">Of this process, or whose listener the requests come by.</param>
    /// <param name="before">Given back when no policy changed since.</param>
    public static PolicySets Of(MeshSnapshot snapshot, NamespacedName gateway, PolicySets? before = null)
    {
        long version = Math.Max(snapshot.VersionOf<RequestPolicy>(), snapshot.VersionOf<TokenPolicy>());
        return before is not null && before._version == version && string.Equals(before._gateway, gateway.ToString(), StringComparison.Ordinal)
            ? before
            : new PolicySets([.. snapshot.All<RequestPolicy>()], [.. snapshot.All<TokenPolicy>()], gateway, version);
    }

    /// <summary>For requests to a service whose endpoint is not known, or that no endpoint will get.</summary>
    public DestinationPolicies For(MeshService service) => _services.TryGetValue(service.Key, out DestinationPolicies? found)
        ? found
        : _services.GetOrAdd(service.Key, static (_, s) => s.Sets.Make(s.Service.Key, s.Service.Namespace, null), (Sets: this, Service: service));

    /// <summary>For requests to a gateway, whose own pod this is: those for it, its pods, its namespace and the mesh.</summary>
    public DestinationPolicies ForGateway(Workload self) => _ofSelf.GetValue(self, w => Make(null, w.Namespace, w));

    /// <summary>For requests that have no service: answered at a gateway itself.</summary>
    public DestinationPolicies ForGateway(string gatewayNamespace) => _services.TryGetValue("", out DestinationPolicies? found)
        ? found
        : _services.GetOrAdd("", static (_, s) => s.Sets.Make(null, s.Namespace, null), (Sets: this, Namespace: gatewayNamespace));

    /// <summary>For requests to an endpoint; looks through all policies, so the endpoint keeps the answer.</summary>
    public DestinationPolicies For(string? service, Workload endpoint) => Make(service, endpoint.Namespace, endpoint);

    private DestinationPolicies Make(string? service, string ns, Workload? endpoint)
    {
        ImmutableArray<RequestPolicy> requests = [.. _requests.Where(p => Applies(p.Targets, p.Selector, service, ns, endpoint))];
        ImmutableArray<TokenPolicy> tokens = [.. _tokens.Where(p => Applies(p.Targets, p.Selector, service, ns, endpoint))];
        string key = string.Join('\n', requests.Select(p => p.Key).Append("").Concat(tokens.Select(p => p.Key)));
        return _made.GetOrAdd(key, _ => new DestinationPolicies(RequestPolicySet.Of(requests), TokenPolicySet.Of(tokens)));
    }

    private bool Applies(
        ImmutableArray<RequestPolicyTarget> targets, ImmutableSortedDictionary<string, string> selector, string? service, string ns, Workload? endpoint)
    {
        foreach (RequestPolicyTarget target in targets)
        {
            bool applies = target.Kind switch
            {
                RequestPolicyTargetKind.Mesh => true,
                RequestPolicyTargetKind.Namespace => string.Equals(target.Key, ns, StringComparison.Ordinal),
                RequestPolicyTargetKind.Gateway => string.Equals(target.Key, _gateway, StringComparison.Ordinal),
                RequestPolicyTargetKind.Service => service is not null && string.Equals(target.Key, service, StringComparison.Ordinal),
                RequestPolicyTargetKind.Selected => endpoint is not null
                    && (target.Key.Length == 0 || string.Equals(target.Key, endpoint.Namespace, StringComparison.Ordinal))
                    && Carries(endpoint, selector),
                _ => true, // a kind that this version does not know must not be lost
            };
            if (applies)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Carries(Workload endpoint, ImmutableSortedDictionary<string, string> selector)
    {
        foreach ((string name, string value) in selector)
        {
            if (!endpoint.Labels.TryGetValue(name, out string? has) || !string.Equals(has, value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
