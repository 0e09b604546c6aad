namespace Ambient.Resources.Manifests;

/// <summary>Why a document could not be read. <paramref name="Field"/> is empty where the fault is not in a field.</summary>
public sealed record ManifestError(string File, int Document, int Line, string Field, string Message)
{
    public override string ToString() =>
        $"{File}:{Line}: document {Document}{(Field.Length > 0 ? $", field {Field}" : "")}: {Message}";
}
