using System.Collections.Immutable;
using Ambient.Core.Policies;

namespace Ambient.Core;

/// <summary>Policies by key, and those that apply without being listed: mesh-wide and per namespace, ordered by key. Immutable.</summary>
internal sealed class PolicyIndex
{
    private static readonly ImmutableSortedDictionary<string, AuthorizationPolicy> None =
        ImmutableSortedDictionary.Create<string, AuthorizationPolicy>(StringComparer.Ordinal);

    public static PolicyIndex Empty { get; } = new(
        ImmutableDictionary<string, AuthorizationPolicy>.Empty,
        None,
        ImmutableDictionary<string, ImmutableSortedDictionary<string, AuthorizationPolicy>>.Empty);

    private PolicyIndex(
        ImmutableDictionary<string, AuthorizationPolicy> byKey,
        ImmutableSortedDictionary<string, AuthorizationPolicy> global,
        ImmutableDictionary<string, ImmutableSortedDictionary<string, AuthorizationPolicy>> byNamespace)
    {
        ByKey = byKey;
        Global = global;
        ByNamespace = byNamespace;
    }

    public ImmutableDictionary<string, AuthorizationPolicy> ByKey { get; }

    public ImmutableSortedDictionary<string, AuthorizationPolicy> Global { get; }

    public ImmutableDictionary<string, ImmutableSortedDictionary<string, AuthorizationPolicy>> ByNamespace { get; }

    public ImmutableSortedDictionary<string, AuthorizationPolicy> OfNamespace(string ns) => ByNamespace.GetValueOrDefault(ns, None);

    public PolicyIndex Apply(MeshUpdate update)
    {
        PolicyIndex index = this;
        foreach (string key in update.RemovedPolicies)
        {
            index = index.Without(key);
        }

        foreach (AuthorizationPolicy policy in update.Policies)
        {
            index = index.Without(policy.Key).With(policy);
        }

        return index;
    }

    private PolicyIndex With(AuthorizationPolicy policy)
    {
        string ns = policy.Name.Namespace;
        return new PolicyIndex(
            ByKey.SetItem(policy.Key, policy),
            policy.Scope == PolicyScope.Global ? Global.SetItem(policy.Key, policy) : Global,
            policy.Scope == PolicyScope.Namespace ? ByNamespace.SetItem(ns, OfNamespace(ns).SetItem(policy.Key, policy)) : ByNamespace);
    }

    private PolicyIndex Without(string key)
    {
        if (!ByKey.TryGetValue(key, out AuthorizationPolicy? policy))
        {
            return this;
        }

        ImmutableSortedDictionary<string, AuthorizationPolicy> rest = OfNamespace(policy.Name.Namespace).Remove(key);
        return new PolicyIndex(
            ByKey.Remove(key),
            Global.Remove(key),
            rest.IsEmpty ? ByNamespace.Remove(policy.Name.Namespace) : ByNamespace.SetItem(policy.Name.Namespace, rest));
    }
}
