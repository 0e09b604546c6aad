using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Resources.Manifests;

/// <summary>Reads YAML (JSON is YAML) with several documents and <c>List</c> objects into JSON objects, bounded and with positions.</summary>
public static class ManifestReader
{
    /// <summary>Reads files in order; a directory stands for its <c>*.yaml</c>, <c>*.yml</c> and <c>*.json</c>, sorted, not recursive; <c>-</c> is standard input.</summary>
    public static ManifestSet Read(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var objects = ImmutableArray.CreateBuilder<ManifestObject>();
        var errors = ImmutableArray.CreateBuilder<ManifestError>();
        foreach (string file in paths.SelectMany(Expand))
        {
            try
            {
                var set = ReadText(Bytes(file), file == "-" ? "standard input" : file);
                objects.AddRange(set.Objects);
                errors.AddRange(set.Errors);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                errors.Add(new ManifestError(file, 0, 0, "", $"cannot be read: {e.Message}"));
            }
        }

        return new ManifestSet(objects.ToImmutable(), errors.ToImmutable());
    }

    /// <summary>Reads one text; <paramref name="file"/> only names it in messages.</summary>
    public static ManifestSet ReadText(ReadOnlySpan<byte> utf8, string file)
    {
        var objects = ImmutableArray.CreateBuilder<ManifestObject>();
        var errors = ImmutableArray.CreateBuilder<ManifestError>();
        int number = 0;
        foreach (var text in DocumentText.Split(utf8))
        {
            number++;
            if (errors.Count >= ManifestLimits.Errors)
            {
                break;
            }

            try
            {
                if (text.Fault is { } fault)
                {
                    throw new ManifestException(text.FirstLine, "", fault);
                }

                foreach (var (value, line, lines) in YamlDocument.Read(text))
                {
                    Take(value, new ManifestObject([], file, number, line) { Lines = lines }, objects);
                }
            }
            catch (ManifestException e)
            {
                errors.Add(new ManifestError(file, number, e.Line, e.Field, e.Message));
            }
        }

        return new ManifestSet(objects.ToImmutable(), errors.ToImmutable());
    }

    /// <summary>Reads one text that holds one value of any kind, such as a part of a manifest; null for an empty one.</summary>
    /// <exception cref="ManifestException">It is not YAML, is beyond the bounds, or holds several documents.</exception>
    public static JsonNode? ReadValue(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var texts = DocumentText.Split(System.Text.Encoding.UTF8.GetBytes(text));
        var values = texts.SelectMany(static t => t.Fault is { } fault ? throw new ManifestException(t.FirstLine, "", fault) : YamlDocument.Read(t)).ToList();
        return values.Count switch
        {
            0 => null,
            1 => values[0].Value,
            _ => throw new ManifestException(texts[^1].FirstLine, "", "is a second document; one is expected"),
        };
    }

    /// <summary>Takes an object, or the items of a list of objects.</summary>
    private static void Take(JsonNode? value, ManifestObject at, ImmutableArray<ManifestObject>.Builder objects)
    {
        if (value is null)
        {
            return;
        }

        if (value is not JsonObject content)
        {
            throw new ManifestException(at.Line, "", "is not an object");
        }

        string kind = Text(content, "kind", at);
        Text(content, "apiVersion", at);
        if (kind.EndsWith("List", StringComparison.Ordinal) && content["items"] is JsonArray items)
        {
            for (int i = 0; i < items.Count; i++)
            {
                string item = $"items[{i}]";
                var lines = at.Lines.Where(l => l.Key.StartsWith(item + ".", StringComparison.Ordinal))
                    .ToDictionary(l => l.Key[(item.Length + 1)..], static l => l.Value);
                Take(items[i]?.DeepClone(), at with { Line = at.LineOf(item), Lines = lines }, objects);
            }

            return;
        }

        if (content["metadata"] is not JsonObject metadata)
        {
            throw new ManifestException(at.LineOf("metadata"), "metadata", "is required and must be an object");
        }

        Text(metadata, "name", at, "metadata.");
        objects.Add(at with { Content = content });
    }

    private static string Text(JsonObject content, string name, ManifestObject at, string prefix = "") =>
        content[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text
            ? text
            : throw new ManifestException(at.LineOf(prefix + name), prefix + name, "is required and must be text");

    private static IEnumerable<string> Expand(string path) => !Directory.Exists(path)
        ? [path]
        : Directory.EnumerateFiles(path)
            .Where(static f => Path.GetExtension(f) is ".yaml" or ".yml" or ".json")
            .Order(StringComparer.Ordinal);

    private static byte[] Bytes(string file)
    {
        using Stream stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        using var buffer = new MemoryStream();
        byte[] chunk = new byte[64 * 1024];
        for (int read = stream.Read(chunk); read > 0; read = stream.Read(chunk))
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > ManifestLimits.FileBytes)
            {
                throw new IOException($"it has more than {ManifestLimits.FileBytes} bytes");
            }
        }

        return buffer.ToArray();
    }
}
