using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Policies.Requests;
using Ambient.Resources.Istio.Security;

namespace Ambient.Compile.RequestPolicies;

/// <summary>AuthorizationPolicy → the form in which requests are judged: every field as it was written.</summary>
internal static class RequestPolicyCompiler
{
    public static RequestPolicy Compile(MeshIndex index, AuthorizationSource source)
    {
        var selector = (source.Selector ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return new RequestPolicy
        {
            Name = new NamespacedName(source.Meta.Namespace, source.Meta.Name),
            // What was refused and never was good denies: nobody knows what it should have allowed.
            Action = source.Spec?.Action switch
            {
                null when source.Spec is null => RequestPolicyAction.Deny,
                "DENY" => RequestPolicyAction.Deny,
                "AUDIT" => RequestPolicyAction.Audit,
                "CUSTOM" => RequestPolicyAction.Custom,
                _ => RequestPolicyAction.Allow,
            },
            Rules = source.Spec is null ? [new RequestRule()] : [.. (source.Spec.Rules ?? []).Select(Rule)],
            Targets = RequestPolicyTargets.Of(index, source.Meta.Namespace, source.References, source.HasTargets, !selector.IsEmpty),
            Selector = selector,
            DryRun = source.Meta.Annotation("istio.io/dry-run") == "true",
            Provider = source.Spec?.Provider?.Name ?? "",
            Origin = new PolicyOrigin(source.Meta.Kind, source.Meta.Namespace, source.Meta.Name),
        };
    }

    private static RequestRule Rule(AuthorizationRule rule) => new()
    {
        From = [.. (rule.From ?? []).Select(static f => Source(f.Source ?? new RuleSource()))],
        To = [.. (rule.To ?? []).Select(static t => Operation(t.Operation ?? new RuleOperation()))],
        When = [.. (rule.When ?? []).Select(static w => new RequestCondition { Key = w.Key ?? "", Values = Of(w.Values), NotValues = Of(w.NotValues) })],
    };

    private static RequestSource Source(RuleSource s) => new()
    {
        Principals = Of(s.Principals),
        NotPrincipals = Of(s.NotPrincipals),
        RequestPrincipals = Of(s.RequestPrincipals),
        NotRequestPrincipals = Of(s.NotRequestPrincipals),
        Namespaces = Of(s.Namespaces),
        NotNamespaces = Of(s.NotNamespaces),
        ServiceAccounts = Of(s.ServiceAccounts),
        NotServiceAccounts = Of(s.NotServiceAccounts),
        TrustDomains = Of(s.TrustDomains),
        NotTrustDomains = Of(s.NotTrustDomains),
        IpBlocks = Of(s.IpBlocks),
        NotIpBlocks = Of(s.NotIpBlocks),
        RemoteIpBlocks = Of(s.RemoteIpBlocks),
        NotRemoteIpBlocks = Of(s.NotRemoteIpBlocks),
    };

    private static RequestOperation Operation(RuleOperation o) => new()
    {
        Hosts = Of(o.Hosts),
        NotHosts = Of(o.NotHosts),
        Ports = Of(o.Ports),
        NotPorts = Of(o.NotPorts),
        Methods = Of(o.Methods),
        NotMethods = Of(o.NotMethods),
        Paths = Of(o.Paths),
        NotPaths = Of(o.NotPaths),
    };

    private static ImmutableArray<string> Of(IReadOnlyList<string>? values) => values is null ? [] : [.. values];
}
