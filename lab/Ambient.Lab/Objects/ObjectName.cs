namespace Ambient.Lab.Objects;

/// <summary>core/v1 ConfigMapEnvSource and SecretEnvSource.</summary>
internal sealed record ObjectName
{
    public string Name { get; init; } = "";

    public bool? Optional { get; init; }
}
