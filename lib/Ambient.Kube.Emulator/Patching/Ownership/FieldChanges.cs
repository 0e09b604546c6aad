namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>How two values differ.</summary>
internal sealed class FieldChanges
{
    public FieldSet Added { get; } = new();

    public FieldSet Removed { get; } = new();

    public FieldSet Modified { get; } = new();
}
