using System.Text.Json.Nodes;

namespace Ambient.Resources.Manifests;

/// <summary>One object of a manifest and where it stands: file as named by the caller, document and line counted from 1.</summary>
public sealed record ManifestObject(JsonObject Content, string File, int Document, int Line)
{
    internal IReadOnlyDictionary<string, int> Lines { get; init; } = new Dictionary<string, int>();

    /// <summary>Line of a field such as <c>spec.rules[0].to</c>, or of the nearest field around it that is known.</summary>
    public int LineOf(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        while (field.Length > 0)
        {
            if (Lines.TryGetValue(field, out int line))
            {
                return line;
            }

            int end = field.LastIndexOfAny(['.', '[']);
            field = end < 0 ? "" : field[..end];
        }

        return Line;
    }
}
