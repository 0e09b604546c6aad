namespace Ambient.Kube.Resources;

/// <summary>core/v1 PodTemplateSpec.</summary>
public sealed record PodTemplate
{
    public ObjectMeta Metadata { get; init => field = value ?? ObjectMeta.Empty; } = ObjectMeta.Empty;

    public PodSpec? Spec { get; init; }
}
