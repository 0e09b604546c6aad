namespace Ambient.Lab.Objects;

/// <summary>core/v1 EnvFromSource.</summary>
internal sealed record EnvFromSource
{
    public string? Prefix { get; init; }

    public ObjectName? ConfigMapRef { get; init; }

    public ObjectName? SecretRef { get; init; }
}
