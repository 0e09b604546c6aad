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

    /// <summary>Workloads that list the policy's key (selector).</summary>
    Selected,
}
