using System.Globalization;

namespace Ambient.Compile.Sources;

/// <summary>What of an object's metadata matters here.</summary>
internal sealed record SourceMeta
{
    public required ObjectKey Key { get; init; }

    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public string Uid { get; init; } = "";

    public long Generation { get; init; }

    /// <summary>The earliest time for an object without one (offline): names then decide who is oldest.</summary>
    public DateTimeOffset Created { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public bool Deleting { get; init; }

    public string Namespace => Key.Namespace;

    public string Name => Key.Name;

    public string Label(string name) => Labels.GetValueOrDefault(name, "");

    public string Annotation(string name) => Annotations.GetValueOrDefault(name, "");

    public static SourceMeta Read(JsonView o, ObjectKey key)
    {
        var metadata = o["metadata"];
        if (key.Name.Length > 253)
        {
            throw new FieldException("metadata.name", $"has {key.Name.Length} characters, at most 253 are allowed");
        }

        if (key.Namespace.Length > 63)
        {
            throw new FieldException("metadata.namespace", $"has {key.Namespace.Length} characters, at most 63 are allowed");
        }

        return new SourceMeta
        {
            Key = key,
            ApiVersion = o.Text("apiVersion"),
            Kind = o.Text("kind"),
            Uid = metadata.Text("uid"),
            Generation = metadata.Number("generation") ?? 0,
            Created = Time(metadata["creationTimestamp"]),
            Labels = metadata.Map("labels"),
            Annotations = metadata.Map("annotations"),
            Deleting = metadata["deletionTimestamp"].Exists,
        };
    }

    /// <summary>Oldest first, then by name: who wins a conflict.</summary>
    public static int ByAge(SourceMeta a, SourceMeta b)
    {
        int byTime = a.Created.CompareTo(b.Created);
        return byTime != 0 ? byTime : a.Key.CompareTo(b.Key);
    }

    private static DateTimeOffset Time(JsonView view) => view.Text() is not { } text
        ? DateTimeOffset.MinValue
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new FieldException(view.Path, $"'{text}' is not a time");
}
