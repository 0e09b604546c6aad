namespace Ambient.Resources.Manifests;

/// <summary>Reads YAML (JSON is YAML) with several documents and <c>List</c> objects into JSON objects, bounded and with positions.</summary>
public static class ManifestReader
{
    /// <summary>Reads files in order; a directory stands for its <c>*.yaml</c>, <c>*.yml</c> and <c>*.json</c>, sorted, not recursive; <c>-</c> is standard input.</summary>
    public static ManifestSet Read(IEnumerable<string> paths) => throw new NotImplementedException();

    /// <summary>Reads one text; <paramref name="file"/> only names it in messages.</summary>
    public static ManifestSet ReadText(ReadOnlySpan<byte> utf8, string file) => throw new NotImplementedException();
}
