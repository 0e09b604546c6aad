using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;

namespace Ambient.Policy.Requests.Checks;

/// <summary>The checks of a rule's sources and operations.</summary>
internal static class RuleChecks
{
    public static ImmutableArray<RequestCheck> Of(RequestSource source, string place, CheckMaker make)
    {
        make.Pair(place, "principals", source.Principals, source.NotPrincipals, (f, v) => new TextCheck(f, v, s => s.Principal));
        make.Pair(place, "requestPrincipals", source.RequestPrincipals, source.NotRequestPrincipals, (f, v) => new RequestPrincipalCheck(f, v), requestOnly: true);
        make.Pair(place, "namespaces", source.Namespaces, source.NotNamespaces, (f, v) => new NamespaceCheck(f, v));
        make.Pair(place, "serviceAccounts", source.ServiceAccounts, source.NotServiceAccounts,
            (f, v) => new ServiceAccountCheck(f, v, make.PolicyNamespace));
        make.Pair(place, "trustDomains", source.TrustDomains, source.NotTrustDomains, (f, v) => new TextCheck(f, v, s => s.Identity?.TrustDomain));
        make.Pair(place, "ipBlocks", source.IpBlocks, source.NotIpBlocks, (f, v) => make.Addresses(f, v, s => s.Source));
        make.Pair(place, "remoteIpBlocks", source.RemoteIpBlocks, source.NotRemoteIpBlocks, (f, v) => make.Addresses(f, v, s => s.Remote));
        return make.Take();
    }

    public static ImmutableArray<RequestCheck> Of(RequestOperation operation, string place, CheckMaker make)
    {
        make.Pair(place, "hosts", operation.Hosts, operation.NotHosts, (f, v) => new HostCheck(f, v, make.Denies), requestOnly: true);
        make.Pair(place, "ports", operation.Ports, operation.NotPorts, make.Ports);
        make.Pair(place, "methods", operation.Methods, operation.NotMethods, (f, v) => new TextCheck(f, v, s => s.Request.Method), requestOnly: true);
        make.Pair(place, "paths", operation.Paths, operation.NotPaths, make.Paths, requestOnly: true);
        return make.Take();
    }
}
