using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Compile.Sources;

/// <summary>
/// Reads fields of an untrusted object and knows where it is; a value of the wrong type is a <see cref="FieldException"/>,
/// an absent one or null is the empty value.
/// </summary>
internal readonly struct JsonView(JsonNode? node, string path)
{
    public const string NotText = "holds text that is not valid UTF-8";

    public JsonNode? Node => node;

    public string Path => path;

    public bool Exists => node is not null;

    public JsonView this[string name] => node switch
    {
        null => new JsonView(null, At(name)),
        JsonObject o => new JsonView(o[name], At(name)),
        _ => throw new FieldException(path, "must be an object"),
    };

    public string? Text() => node switch
    {
        null => null,
        JsonValue v when v.GetValueKind() == JsonValueKind.String => TextOf(v),
        _ => throw new FieldException(path, "must be text"),
    };

    public string Text(string name) => this[name].Text() ?? "";

    public bool Flag(string name) => this[name] is { Node: { } n } view
        ? n.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FieldException(view.Path, "must be true or false"),
        }
        : false;

    public long? Number(string name) => this[name] is { Node: { } n } view
        ? n.GetValueKind() == JsonValueKind.Number && long.TryParse(n.ToJsonString(), CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new FieldException(view.Path, "must be a whole number")
        : null;

    public int Port(string name) => Number(name) switch
    {
        null => 0,
        >= 1 and <= 65535 and { } port => (int)port,
        { } other => throw new FieldException(At(name), $"{other} is not a port (1 to 65535)"),
    };

    public IEnumerable<JsonView> List(string name)
    {
        var view = this[name];
        return view.Node switch
        {
            null => [],
            JsonArray a => a.Select((item, i) => new JsonView(item, $"{view.Path}[{i}]")),
            _ => throw new FieldException(view.Path, "must be a list"),
        };
    }

    public IEnumerable<string> Texts(string name) => List(name).Select(static v => v.Text() ?? "");

    public Dictionary<string, string> Map(string name)
    {
        var view = this[name];
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (view.Node is not (null or JsonObject))
        {
            throw new FieldException(view.Path, "must be a map of texts");
        }

        foreach (var (key, _) in view.Node as JsonObject ?? [])
        {
            map[key] = view.Text(key);
        }

        return map;
    }

    /// <summary>What reading JSON throws when bytes or escapes in it are no text.</summary>
    public static bool IsUnreadable(Exception e) => e is InvalidOperationException or JsonException or ArgumentException or FormatException;

    private string TextOf(JsonValue value)
    {
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            throw new FieldException(path, NotText);
        }
    }

    private string At(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
