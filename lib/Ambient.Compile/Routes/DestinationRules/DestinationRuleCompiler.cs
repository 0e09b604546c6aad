using System.Collections.Immutable;
using Ambient.Compile.Gateways.Origination;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>What people are told about a DestinationRule.</summary>
internal static class DestinationRuleCompiler
{
    public static UnitOutput Compile(MeshIndex index, DestinationRuleSource rule)
    {
        HashSet<ObjectKey> dependencies = rule.Host.Length > 0 ? [RouteUnits.OfHost(rule.Host)] : [];
        var missing = ClientCredentials.Problems(index, rule, dependencies);
        index.Routing.Units.Set(rule.Meta.Key, dependencies);
        ImmutableArray<Finding> unknown = rule.Host.Length > 0 && !RouteHosts.IsWildcard(rule.Host) && RouteTargets.Find(index, rule.Host, rule.Meta.Namespace) is null
            ? [new Finding(
                FindingCodes.RouteHostUnknown, FindingLevel.Warning, rule.Meta.Kind, rule.Meta.Namespace, rule.Meta.Name, "spec.host",
                $"no Service or ServiceEntry has the host {rule.Host}, so the rule has no effect")]
            : [];
        return new UnitOutput
        {
            Status = RouteReports.Status(rule.Meta, rule.Refusal, Resolved(rule, missing)),
            Findings = RouteReports.Findings(
                rule.Meta, rule.Refusal, rule.Notes,
                [
                    .. unknown,
                    .. missing.Select(m => new Finding(
                        FindingCodes.BackendUnresolved, FindingLevel.Error, rule.Meta.Kind, rule.Meta.Namespace, rule.Meta.Name, "spec.trafficPolicy.tls.credentialName", m)),
                ]),
        };
    }

    /// <summary>Only for a rule that refers to something.</summary>
    private static ImmutableArray<Condition> Resolved(DestinationRuleSource rule, ImmutableArray<string> missing) => !rule.Credentials.Any() ? []
        : missing.IsEmpty ? [Condition.True(Condition.ResolvedRefs, "ResolvedRefs", "nothing is missing")]
        : [Condition.False(Condition.ResolvedRefs, "InvalidCredential", string.Join("; ", missing.Take(5)))];
}
