using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>apps/v1 Deployment.</summary>
internal sealed record LabDeployment : KubeObject, IWorkload, IKubeObject<LabDeployment>
{
    public static GroupKind GroupKind { get; } = new("apps", "Deployment");

    public WorkloadSpec Spec { get; init => field = value ?? new(); } = new();

    public JsonObject? Status { get; init; }
}
