using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Workloads;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>Policies that tests attach.</summary>
internal static class Policies
{
    internal const string StrictKey = "ambient-system/strict";

    /// <summary>What STRICT becomes: denied unless there is an identity.</summary>
    internal static AuthorizationPolicy Strict { get; } = new()
    {
        Name = new NamespacedName("ambient-system", "strict"),
        Scope = PolicyScope.WorkloadSelector,
        Action = PolicyAction.Deny,
        Rules = [new PolicyRule([new PolicyClause([new PolicyMatch { NotPrincipals = [StringMatch.Presence] }])])],
    };

    internal static AuthorizationPolicy DenyPort(ushort port) => new()
    {
        Name = new NamespacedName(TestMesh.Namespace, "deny-port"),
        Scope = PolicyScope.Namespace,
        Action = PolicyAction.Deny,
        Rules = [new PolicyRule([new PolicyClause([new PolicyMatch { DestinationPorts = [port] }])])],
    };

    internal static Workload WithStrict(Workload w) => w with { AuthorizationPolicies = [StrictKey] };
}
