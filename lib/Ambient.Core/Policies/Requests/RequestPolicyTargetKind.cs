namespace Ambient.Core.Policies.Requests;

public enum RequestPolicyTargetKind
{
    /// <summary>Everything of the mesh.</summary>
    Mesh,

    /// <summary>All destinations of one namespace; the key is its name.</summary>
    Namespace,

    /// <summary>All that passes one waypoint or gateway; the key is <c>namespace/name</c>.</summary>
    Gateway,

    /// <summary>Requests to one service; the key is <see cref="Services.MeshService.Key"/>.</summary>
    Service,

    /// <summary>
    /// Workloads that carry the labels of <see cref="RequestPolicy.Selector"/>, in the policy's namespace or, when that is a root namespace, in
    /// any; the key is that namespace, empty for any.
    /// </summary>
    Selected,
}
