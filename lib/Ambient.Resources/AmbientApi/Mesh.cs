using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Resource("ambient.dev", "Mesh", "meshes", "v1alpha1",
    ClusterScoped = true, Categories = ["ambient"])]
[Column("Trust Domain", ".spec.trustDomain")]
[Column("Accepted", ".status.conditions[?(@.type==\"Accepted\")].status")]
[Description("Settings of the whole mesh. There is one, named default.")]
public sealed record Mesh
{
    [Description("The settings.")]
    public MeshSpec? Spec { get; init; }
}
