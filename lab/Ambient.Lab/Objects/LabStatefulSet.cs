using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>apps/v1 StatefulSet.</summary>
internal sealed record LabStatefulSet : KubeObject, IWorkload, IKubeObject<LabStatefulSet>
{
    public static GroupKind GroupKind { get; } = new("apps", "StatefulSet");

    public WorkloadSpec Spec { get; init => field = value ?? new(); } = new();

    public JsonObject? Status { get; init; }
}
