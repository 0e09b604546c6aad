using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;

namespace Ambient.Compile.Analysis;

/// <summary>Policies that can never match, and policies that deny everything.</summary>
internal static class PolicyReach
{
    public static IEnumerable<Finding> Find(CompileResult compiled)
    {
        ImmutableArray<string> domains = [compiled.Settings.TrustDomain, .. compiled.Settings.TrustDomainAliases];
        foreach (var policy in compiled.RequestPolicies.Where(static p => p.Origin is null or { Kind: "AuthorizationPolicy" }))
        {
            // A refused one denies, which is said where it is refused.
            bool refused = compiled.Findings.Any(f => f.Level == FindingLevel.Error && f.Kind == "AuthorizationPolicy" && f.Namespace == policy.Name.Namespace && f.Name == policy.Name.Name);
            foreach (var finding in refused ? [] : Whole(policy).Concat(policy.Rules.SelectMany((r, i) => Rule(r, i, domains)))
                .Select(f => new Finding(f.Code, f.Level, "AuthorizationPolicy", policy.Name.Namespace, policy.Name.Name, f.Field, f.Message)))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<(string Code, FindingLevel Level, string Field, string Message)> Whole(RequestPolicy policy)
    {
        if (policy is { Action: RequestPolicyAction.Allow, Rules.IsEmpty: true, DryRun: false })
        {
            yield return (FindingCodes.PolicyDeniesAll, FindingLevel.Info, "spec.rules",
                "allows nothing: whatever it means is denied unless a rule of another ALLOW policy lets it through");
        }

        int all = policy is { Action: RequestPolicyAction.Deny, DryRun: false } ? policy.Rules.ToList().FindIndex(static r => r.From.IsEmpty && r.To.IsEmpty && r.When.IsEmpty) : -1;
        if (all >= 0)
        {
            yield return (FindingCodes.PolicyDeniesAll, FindingLevel.Warning, $"spec.rules[{all}]", "has no field, so it denies everything, whatever other policies allow");
        }
    }

    private static IEnumerable<(string Code, FindingLevel Level, string Field, string Message)> Rule(RequestRule rule, int at, ImmutableArray<string> domains)
    {
        string path = $"spec.rules[{at}]";
        for (int i = 0; i < rule.From.Length; i++)
        {
            RequestSource source = rule.From[i];
            string place = $"{path}.from[{i}].source";
            foreach (string why in Contradictions(
                (source.Principals, source.NotPrincipals, "principals"), (source.Namespaces, source.NotNamespaces, "namespaces"), (source.IpBlocks, source.NotIpBlocks, "ipBlocks"),
                (source.RequestPrincipals, source.NotRequestPrincipals, "requestPrincipals"), (source.ServiceAccounts, source.NotServiceAccounts, "serviceAccounts")))
            {
                yield return (FindingCodes.RuleCannotMatch, FindingLevel.Warning, place, why);
            }

            if (!source.Principals.IsEmpty && source.Principals.All(p => Foreign(p, domains)))
            {
                yield return (FindingCodes.RuleCannotMatch, FindingLevel.Warning, $"{place}.principals",
                    $"names identities of another trust domain only, which nobody here has: the mesh's is {string.Join(", ", domains)}");
            }
        }

        for (int i = 0; i < rule.To.Length; i++)
        {
            RequestOperation operation = rule.To[i];
            string place = $"{path}.to[{i}].operation";
            foreach (string why in Contradictions(
                (operation.Methods, operation.NotMethods, "methods"), (operation.Paths, operation.NotPaths, "paths"), (operation.Hosts, operation.NotHosts, "hosts"), (operation.Ports, operation.NotPorts, "ports")))
            {
                yield return (FindingCodes.RuleCannotMatch, FindingLevel.Warning, place, why);
            }

            if (!operation.Methods.IsEmpty && operation.Methods.All(static m => m.Any(char.IsAsciiLetterLower)))
            {
                yield return (FindingCodes.RuleCannotMatch, FindingLevel.Warning, $"{place}.methods",
                    $"methods are upper-case and compared as they are; write {string.Join(", ", operation.Methods.Select(static m => m.ToUpperInvariant()))}");
            }

            if (!operation.Paths.IsEmpty && operation.Paths.All(static p => p.Length > 0 && p[0] is not ('/' or '*')))
            {
                yield return (FindingCodes.RuleCannotMatch, FindingLevel.Warning, $"{place}.paths", "every path begins with /, and none of these does");
            }
        }
    }

    private static IEnumerable<string> Contradictions(params (ImmutableArray<string> Values, ImmutableArray<string> Not, string Name)[] pairs) => pairs
        .Where(static p => !p.Values.IsEmpty && p.Values.All(v => p.Not.Contains(v) || p.Not.Contains("*")))
        .Select(static p => $"asks for {p.Name} and excludes the same: no caller is both");

    private static bool Foreign(string principal, ImmutableArray<string> domains) =>
        !principal.Contains('*', StringComparison.Ordinal) && SpiffeId.TryParse($"spiffe://{principal}", out SpiffeId id) && !domains.Contains(id.TrustDomain);
}
