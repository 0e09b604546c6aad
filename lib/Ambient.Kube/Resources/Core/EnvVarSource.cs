namespace Ambient.Kube.Resources;

/// <summary>core/v1 EnvVarSource: one of.</summary>
public sealed record EnvVarSource
{
    public ObjectFieldSelector? FieldRef { get; init; }

    public KeySelector? ConfigMapKeyRef { get; init; }

    public KeySelector? SecretKeyRef { get; init; }
}
