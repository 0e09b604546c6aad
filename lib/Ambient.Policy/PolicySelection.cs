using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Workloads;
using Ambient.Policy.Rules;

namespace Ambient.Policy;

/// <summary>Which policies apply to a workload, each once, ordered by key, and which of those it lists are not there.</summary>
internal sealed record PolicySelection(ImmutableArray<AuthorizationPolicy> Policies, ImmutableArray<string> Missing)
{
    public static PolicySelection For(MeshSnapshot snapshot, Workload destination)
    {
        SortedDictionary<string, AuthorizationPolicy> found = new(StringComparer.Ordinal);
        ImmutableArray<string>.Builder missing = ImmutableArray.CreateBuilder<string>();
        foreach (AuthorizationPolicy policy in snapshot.GlobalPolicies)
        {
            found[policy.Key] = policy;
        }

        foreach (AuthorizationPolicy policy in snapshot.PoliciesOfNamespace(destination.Namespace))
        {
            found[policy.Key] = policy;
        }

        foreach (string key in destination.AuthorizationPolicies)
        {
            if (snapshot.PolicyByKey(key) is { } policy)
            {
                found[key] = SharedStrict.For(destination, policy);
            }
            else if (!missing.Contains(key))
            {
                missing.Add(key);
            }
        }

        return new PolicySelection([.. found.Values], missing.ToImmutable());
    }
}
