using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core.Policies.Requests;
using Ambient.Resources.Istio;

namespace Ambient.Compile.RequestPolicies;

/// <summary>Whose requests a policy is about, in the words of proxies.</summary>
internal static class RequestPolicyTargets
{
    /// <param name="ns">Namespace of the policy, and of all that it is attached to.</param>
    public static ImmutableArray<RequestPolicyTarget> Of(MeshIndex index, string ns, IEnumerable<PolicyTargetReference> references, bool attached, bool selected) =>
        attached ? [.. references.SelectMany(t => Of(index, t, ns))]
            : [selected ? new RequestPolicyTarget(RequestPolicyTargetKind.Selected, index.Options.IsRoot(ns) ? "" : ns)
                : index.Options.IsRoot(ns) ? new RequestPolicyTarget(RequestPolicyTargetKind.Mesh)
                : new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, ns)];

    private static IEnumerable<RequestPolicyTarget> Of(MeshIndex index, PolicyTargetReference target, string ns) => target.Kind switch
    {
        "Service" => [new(RequestPolicyTargetKind.Service, $"{ns}/{index.HostnameOf(target.Name ?? "", ns)}")],
        "ServiceEntry" => (index.ServiceEntries.Find(new ObjectKey(KnownKinds.ServiceEntry, ns, target.Name ?? ""))?.Hosts ?? [])
            .Select(host => new RequestPolicyTarget(RequestPolicyTargetKind.Service, $"{ns}/{host}")),
        "GatewayClass" => index.Gateways.All.Where(g => g.Class == target.Name && (g.Meta.Namespace == ns || index.Options.IsRoot(ns))).OrderBy(static g => g.Meta.Key)
            .Select(static g => new RequestPolicyTarget(RequestPolicyTargetKind.Gateway, $"{g.Meta.Namespace}/{g.Meta.Name}")),
        _ => [new(RequestPolicyTargetKind.Gateway, $"{ns}/{target.Name}")],
    };
}
