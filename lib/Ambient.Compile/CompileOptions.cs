using System.Collections.Immutable;
using Ambient.Core;

namespace Ambient.Compile;

/// <summary>What an installation decides once; resources (the <c>Mesh</c> above all) refine it.</summary>
public sealed record CompileOptions
{
    public static CompileOptions Default { get; } = new();

    /// <summary>First part of every workload uid.</summary>
    public string ClusterId { get; init; } = MeshDefaults.ClusterId;

    /// <summary>Name of the network that pods are in; normally empty.</summary>
    public string Network { get; init; } = "";

    /// <summary>What stands where no Mesh resource says otherwise.</summary>
    public MeshSettings Settings { get; init; } = new();

    /// <summary>
    /// Namespaces whose policies without selector apply to the whole mesh. The first one is ours; generated policies live there.
    /// </summary>
    public ImmutableArray<string> RootNamespaces { get; init; } =
        [MeshDefaults.SystemNamespace, MeshDefaults.IstioSystemNamespace];

    /// <summary>False when Istio's own injector is installed: then <c>istio-injection=enabled</c> enrols nothing.</summary>
    public bool EnrolIstioInjection { get; init; } = true;

    /// <summary>False when Linkerd's own injector is installed: then <c>linkerd.io/inject=enabled</c> enrols nothing.</summary>
    public bool EnrolLinkerdInject { get; init; } = true;

    internal string RootNamespace => RootNamespaces[0];

    internal bool IsRoot(string @namespace) => RootNamespaces.Contains(@namespace);
}
