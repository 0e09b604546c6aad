namespace Ambient.Resources.Manifests;

/// <summary>A document cannot be read. Readers of several documents report it; <see cref="ManifestReader.ReadValue"/> throws it.</summary>
public sealed class ManifestException(int line, string field, string message) : Exception(message)
{
    /// <summary>Line within the file.</summary>
    public int Line { get; } = line;

    public string Field { get; } = field;
}
