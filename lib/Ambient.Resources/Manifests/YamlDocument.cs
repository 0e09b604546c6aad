using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.Resources.Manifests;

/// <summary>
/// One YAML document → JSON, from parser events, with a budget: depth, values, and aliases by what they expand to. Anchors are copied
/// where they are used, so that the result is a tree.
/// </summary>
internal sealed class YamlDocument
{
    private readonly Parser _parser;
    private readonly int _firstLine;
    private readonly Dictionary<string, (JsonNode? Value, int Nodes)> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlDocument(DocumentText text)
    {
        // The scanner has a recursion guard of its own for flow collections.
        _parser = new Parser(new Scanner(new StringReader(text.Text)));
        _firstLine = text.FirstLine;
    }

    /// <summary>The values of the text (normally one) with the lines of their fields.</summary>
    /// <exception cref="ManifestException">It is not YAML, or beyond the bounds.</exception>
    public static List<(JsonNode? Value, int Line, IReadOnlyDictionary<string, int> Lines)> Read(DocumentText text)
    {
        var results = new List<(JsonNode?, int, IReadOnlyDictionary<string, int>)>();
        var document = new YamlDocument(text);
        try
        {
            document._parser.Consume<StreamStart>();
            while (document._parser.TryConsume<DocumentStart>(out _))
            {
                int line = document.LineHere();
                var value = document.Value("", 0);
                results.Add((value, line, new Dictionary<string, int>(document._lines)));
                document._parser.Consume<DocumentEnd>();
                document._lines.Clear();
                document._anchors.Clear();
            }
        }
        catch (YamlException e)
        {
            throw new ManifestException(document.LineOf(e.Start), "", $"is not YAML: {Reason(e)}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser loses its footing on some texts instead of saying what is wrong with them.
            throw new ManifestException(text.FirstLine, "", "is not YAML: a value, a list or a map does not end where it should; look for a missing bracket or quote");
        }

        return results;
    }

    private JsonNode? Value(string path, int depth)
    {
        int line = LineHere();
        if (depth > ManifestLimits.Depth)
        {
            throw new ManifestException(line, path, $"is nested more than {ManifestLimits.Depth} deep");
        }

        Spend(1, line, path);
        int before = _nodes;
        var (anchor, value) = _parser.Current switch
        {
            Scalar => Single(),
            SequenceStart => List(path, depth),
            MappingStart => Map(path, depth),
            AnchorAlias => (AnchorName.Empty, Alias(path, line)),
            _ => throw new ManifestException(line, path, "is not a value"),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = (value?.DeepClone(), _nodes - before + 1);
        }

        return value;
    }

    private (AnchorName, JsonNode?) Single()
    {
        var scalar = _parser.Consume<Scalar>();
        return (scalar.Anchor, YamlScalar.Read(scalar));
    }

    private (AnchorName, JsonNode?) List(string path, int depth)
    {
        var anchor = _parser.Consume<SequenceStart>().Anchor;
        var array = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            string item = $"{path}[{array.Count}]";
            Remember(item);
            array.Add(Value(item, depth + 1));
        }

        return (anchor, array);
    }

    private (AnchorName, JsonNode?) Map(string path, int depth)
    {
        var anchor = _parser.Consume<MappingStart>().Anchor;
        var mapping = new JsonObject();
        JsonObject? merged = null;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            int line = LineHere();
            if (!_parser.TryConsume<Scalar>(out var key))
            {
                throw new ManifestException(line, path, "has a key that is not text");
            }

            string field = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged = Value(field, depth + 1) as JsonObject ?? throw new ManifestException(line, field, "must be an object to be merged");
                continue;
            }

            Remember(field);
            if (mapping.ContainsKey(key.Value))
            {
                throw new ManifestException(line, field, "stands there twice");
            }

            mapping[key.Value] = Value(field, depth + 1);
        }

        foreach (var (name, value) in merged ?? [])
        {
            if (!mapping.ContainsKey(name))
            {
                mapping[name] = value?.DeepClone();
            }
        }

        return (anchor, mapping);
    }

    private JsonNode? Alias(string path, int line)
    {
        string name = _parser.Consume<AnchorAlias>().Value.Value;
        if (!_anchors.TryGetValue(name, out var anchored))
        {
            throw new ManifestException(line, path, $"refers to the anchor '{name}', which is not defined before it");
        }

        Spend(anchored.Nodes, line, path);
        return anchored.Value?.DeepClone();
    }

    private void Spend(int nodes, int line, string path)
    {
        _nodes += nodes;
        if (_nodes > ManifestLimits.Nodes)
        {
            throw new ManifestException(line, path, $"holds more than {ManifestLimits.Nodes} values, aliases expanded");
        }
    }

    private void Remember(string path)
    {
        if (_lines.Count < ManifestLimits.Positions)
        {
            _lines[path] = LineHere();
        }
    }

    private int LineHere() => _parser.Current is { } current ? LineOf(current.Start) : _firstLine;

    private int LineOf(Mark mark) => _firstLine + (int)mark.Line - 1;

    private static string Reason(YamlException e) => (e.InnerException?.Message ?? e.Message).ReplaceLineEndings(" ");
}
