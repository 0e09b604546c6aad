using System.Collections.Immutable;
using Ambient.Core.Mesh;

namespace Ambient.Core.Egress;

/// <summary>
/// What some workloads see of the mesh when they call out, and whether they may go elsewhere: a Sidecar. The most specific one that says
/// something about either counts for that: the workload's own, its namespace's, the mesh's.
/// </summary>
public sealed record EgressVisibility : ProxyResource
{
    public const string OfMesh = "mesh";

    public override string Type => nameof(EgressVisibility);

    public override string Key => Scope;

    /// <summary><see cref="OfMesh"/>, <see cref="OfNamespace"/>, or <see cref="OfWorkloads"/>, which the workloads name.</summary>
    public required string Scope { get; init; }

    /// <summary>The Sidecar.</summary>
    public NamespacedName? Origin { get; init; }

    /// <summary>Empty: says nothing of what is seen.</summary>
    public ImmutableArray<EgressListener> Listeners { get; init; } = [];

    /// <summary>Whether other destinations may be called (ALLOW_ANY) or not (REGISTRY_ONLY); null: not said.</summary>
    public bool? AllowOthers { get; init; }

    public static string OfNamespace(string @namespace) => $"namespace/{@namespace}";

    public static string OfWorkloads(string @namespace, string name) => $"workloads/{@namespace}/{name}";
}
