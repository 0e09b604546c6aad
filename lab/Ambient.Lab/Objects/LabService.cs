using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 Service as DNS, the node's rules and the endpoints' controller need it.</summary>
internal sealed record LabService : KubeObject, IKubeObject<LabService>
{
    public static GroupKind GroupKind { get; } = new("", "Service");

    public LabServiceSpec Spec { get; init => field = value ?? new(); } = new();
}
