using System.Collections.Immutable;
using Ambient.Core.Policies;
using Ambient.Resources.Istio.Security;

namespace Ambient.Compile.Authorization;

/// <summary>
/// One rule of an AuthorizationPolicy → its L4 form. Clauses are ANDed: one for <c>from</c>, one for <c>to</c>, one for each
/// <c>when</c>. L7 attributes cannot be seen at L4: an ALLOW rule that has one can never match there and is left out, a DENY rule
/// loses only the attribute and denies all that it could match. So either way nothing gets through that the policy would stop.
/// </summary>
internal sealed class RuleCompiler(string policyNamespace, ImmutableArray<string> trustDomains, PolicyAction action)
{
    private readonly RuleValues _values = new(policyNamespace, trustDomains);
    private readonly SortedSet<string> _l7 = new(StringComparer.Ordinal);
    private readonly List<string> _unauthenticated = [];
    private readonly List<string> _literalStars = [];
    private int _l7Count;

    public IReadOnlyList<RuleProblem> Problems => _values.Problems;

    /// <summary>Names of the L7 attributes found, such as <c>methods</c> or <c>request.headers[x]</c>.</summary>
    public IReadOnlyCollection<string> L7Fields => _l7;

    /// <summary>Paths of sources whose only identity test is a negation: callers without identity pass it.</summary>
    public IReadOnlyList<string> PassedWithoutIdentity => _unauthenticated;

    /// <summary>Paths of request paths with a star in their middle.</summary>
    public IReadOnlyList<string> LiteralStars => _literalStars;

    public ImmutableArray<PolicyRule> Compile(IReadOnlyList<AuthorizationRule> rules)
    {
        var compiled = ImmutableArray.CreateBuilder<PolicyRule>();
        for (int i = 0; i < rules.Count; i++)
        {
            if (Compile(rules[i], $"spec.rules[{i}]") is { } rule)
            {
                compiled.Add(rule with { SourceRule = i });
            }
        }

        return compiled.ToImmutable();
    }

    private PolicyRule? Compile(AuthorizationRule rule, string path)
    {
        int l7Before = _l7Count;
        var clauses = ImmutableArray.CreateBuilder<PolicyClause>();
        Add(clauses, Alternatives(rule.From, $"{path}.from", Source), "from");
        Add(clauses, Alternatives(rule.To, $"{path}.to", Operation), "to");
        for (int i = 0; i < (rule.When?.Count ?? 0); i++)
        {
            Add(clauses, Condition(rule.When![i], $"{path}.when[{i}]"), $"when[{i}]");
        }

        return action == PolicyAction.Allow && _l7Count > l7Before ? null : new PolicyRule(clauses.ToImmutable());
    }

    private static void Add(ImmutableArray<PolicyClause>.Builder clauses, PolicyClause? clause, string source)
    {
        if (clause is not null)
        {
            clauses.Add(clause with { Source = source });
        }
    }

    /// <summary>Null when nothing is asked, or when one alternative is satisfied by every connection.</summary>
    private PolicyClause? Alternatives<T>(IReadOnlyList<T>? items, string path, Func<T, string, PolicyMatch> read)
    {
        if (items is null)
        {
            return null;
        }

        if (items.Count == 0)
        {
            _values.Wrong<bool>(path, "must not be an empty list; leave it out to mean everything");
            return null;
        }

        var matches = items.Select((item, i) => read(item, $"{path}[{i}]")).ToImmutableArray();
        return matches.Any(static m => m.IsEmpty) ? null : new PolicyClause(matches);
    }

    private PolicyMatch Source(RuleFrom from, string path)
    {
        path += ".source";
        if (from.Source is not { } s || !HasAny(
            s.Principals, s.NotPrincipals, s.RequestPrincipals, s.NotRequestPrincipals, s.Namespaces, s.NotNamespaces, s.IpBlocks,
            s.NotIpBlocks, s.RemoteIpBlocks, s.NotRemoteIpBlocks, s.ServiceAccounts, s.NotServiceAccounts, s.TrustDomains, s.NotTrustDomains))
        {
            return _values.Wrong<PolicyMatch>(path, "must have at least one field with a value") ?? new PolicyMatch();
        }

        SourceConflicts(s, path);
        L7("requestPrincipals", s.RequestPrincipals, s.NotRequestPrincipals);
        L7("remoteIpBlocks", s.RemoteIpBlocks, s.NotRemoteIpBlocks);
        if (!HasAny(s.Principals, s.Namespaces, s.ServiceAccounts, s.TrustDomains, s.RequestPrincipals)
            && HasAny(s.NotPrincipals, s.NotNamespaces, s.NotServiceAccounts, s.NotTrustDomains))
        {
            _unauthenticated.Add(path);
        }

        return new PolicyMatch
        {
            Principals = [.. _values.Principals(s.Principals, $"{path}.principals"), .. _values.TrustDomains(s.TrustDomains, $"{path}.trustDomains")],
            NotPrincipals = [.. _values.Principals(s.NotPrincipals, $"{path}.notPrincipals"), .. _values.TrustDomains(s.NotTrustDomains, $"{path}.notTrustDomains")],
            Namespaces = _values.Names(s.Namespaces, $"{path}.namespaces"),
            NotNamespaces = _values.Names(s.NotNamespaces, $"{path}.notNamespaces"),
            ServiceAccounts = _values.ServiceAccounts(s.ServiceAccounts, $"{path}.serviceAccounts"),
            NotServiceAccounts = _values.ServiceAccounts(s.NotServiceAccounts, $"{path}.notServiceAccounts"),
            SourceIps = _values.Ranges(s.IpBlocks, $"{path}.ipBlocks"),
            NotSourceIps = _values.Ranges(s.NotIpBlocks, $"{path}.notIpBlocks"),
        };
    }

    private void SourceConflicts(RuleSource s, string path)
    {
        if (HasAny(s.ServiceAccounts, s.NotServiceAccounts) && HasAny(s.Principals, s.NotPrincipals, s.Namespaces, s.NotNamespaces))
        {
            _values.Wrong<bool>($"{path}.serviceAccounts", "cannot stand together with principals or namespaces; use one of them");
        }

        // Both become tests of the whole identity, and the values of one field are alternatives.
        if (HasAny(s.Principals) && HasAny(s.TrustDomains))
        {
            _values.Wrong<bool>($"{path}.trustDomains", "cannot stand together with principals; write the trust domain into the principals");
        }
    }

    private PolicyMatch Operation(RuleTo to, string path)
    {
        path += ".operation";
        if (to.Operation is not { } o || !HasAny(o.Hosts, o.NotHosts, o.Ports, o.NotPorts, o.Methods, o.NotMethods, o.Paths, o.NotPaths))
        {
            return _values.Wrong<PolicyMatch>(path, "must have at least one field with a value") ?? new PolicyMatch();
        }

        L7("hosts", o.Hosts, o.NotHosts);
        L7("methods", o.Methods, o.NotMethods);
        L7("paths", o.Paths, o.NotPaths);
        Stars(o.Paths, $"{path}.paths");
        Stars(o.NotPaths, $"{path}.notPaths");
        return new PolicyMatch
        {
            DestinationPorts = _values.Ports(o.Ports, $"{path}.ports"),
            NotDestinationPorts = _values.Ports(o.NotPorts, $"{path}.notPorts"),
        };
    }

    private void Stars(IReadOnlyList<string>? paths, string path)
    {
        for (int i = 0; i < (paths?.Count ?? 0); i++)
        {
            // Between slashes a star is one segment.
            string rest = paths![i].Replace("/*/", "//", StringComparison.Ordinal);
            if (rest.Length > 2 && rest.AsSpan(1, rest.Length - 2).Contains('*') && !rest.Contains('{', StringComparison.Ordinal))
            {
                _literalStars.Add($"{path}[{i}]");
            }
        }
    }

    private PolicyClause? Condition(RuleCondition condition, string path)
    {
        if (!HasAny(condition.Values, condition.NotValues))
        {
            _values.Wrong<bool>(path, "must have values or notValues");
            return null;
        }

        if (ConditionKeys.IsL7(condition.Key ?? ""))
        {
            L7(condition.Key!, condition.Values, condition.NotValues);
            return null;
        }

        var match = ConditionKeys.Match(condition, path, _values);
        if (match is null)
        {
            _values.Wrong<bool>($"{path}.key", $"'{condition.Key}' is not a known attribute; L4 knows {string.Join(", ", ConditionKeys.L4)}");
        }

        return match is null or { IsEmpty: true } ? null : new PolicyClause([match]);
    }

    private void L7(string name, params ReadOnlySpan<IReadOnlyList<string>?> lists)
    {
        if (HasAny(lists))
        {
            _l7.Add(name);
            _l7Count++;
        }
    }

    private static bool HasAny(params ReadOnlySpan<IReadOnlyList<string>?> lists)
    {
        foreach (var list in lists)
        {
            if (list is { Count: > 0 })
            {
                return true;
            }
        }

        return false;
    }
}
