using Ambient.Core.Policies;
using Ambient.Resources.Istio.Security;

namespace Ambient.Compile.Authorization;

/// <summary>The attributes that a <c>when</c> condition may name.</summary>
internal static class ConditionKeys
{
    public static readonly string[] L4 =
    [
        "source.ip", "source.namespace", "source.principal", "source.serviceAccount", "source.trustDomain", "destination.ip", "destination.port",
    ];

    /// <summary>Known, but seen only by a waypoint.</summary>
    public static bool IsL7(string key) =>
        key is "remote.ip" or "connection.sni" or "request.auth.principal" or "request.auth.audiences" or "request.auth.presenter"
        || (key.EndsWith(']') && (key.StartsWith("request.headers[", StringComparison.Ordinal)
            || key.StartsWith("request.auth.claims[", StringComparison.Ordinal)))
        || key.StartsWith("experimental.envoy.filters.", StringComparison.Ordinal);

    /// <summary>The condition at L4; null for a key that does not exist.</summary>
    public static PolicyMatch? Match(RuleCondition c, string path, RuleValues read)
    {
        string yes = $"{path}.values";
        string no = $"{path}.notValues";
        return c.Key switch
        {
            "source.ip" => new PolicyMatch { SourceIps = read.Ranges(c.Values, yes), NotSourceIps = read.Ranges(c.NotValues, no) },
            "source.namespace" => new PolicyMatch { Namespaces = read.Names(c.Values, yes), NotNamespaces = read.Names(c.NotValues, no) },
            "source.principal" => new PolicyMatch { Principals = read.Principals(c.Values, yes), NotPrincipals = read.Principals(c.NotValues, no) },
            "source.serviceAccount" => new PolicyMatch
            {
                ServiceAccounts = read.ServiceAccounts(c.Values, yes),
                NotServiceAccounts = read.ServiceAccounts(c.NotValues, no),
            },
            "source.trustDomain" => new PolicyMatch { Principals = read.TrustDomains(c.Values, yes), NotPrincipals = read.TrustDomains(c.NotValues, no) },
            "destination.ip" => new PolicyMatch { DestinationIps = read.Ranges(c.Values, yes), NotDestinationIps = read.Ranges(c.NotValues, no) },
            "destination.port" => new PolicyMatch { DestinationPorts = read.Ports(c.Values, yes), NotDestinationPorts = read.Ports(c.NotValues, no) },
            _ => null,
        };
    }
}
