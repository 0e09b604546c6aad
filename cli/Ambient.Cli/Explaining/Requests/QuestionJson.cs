using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// A question as a line of a batch: <c>{"from","to","via","method","header":{"k":"v"} or ["k=v"],"sni"}</c>, the same names as the flags. A field that is
/// none of these is an error: a misspelt <c>header</c> would be another question.
/// </summary>
internal static class QuestionJson
{
    public static Question Read(string line)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(line, documentOptions: new JsonDocumentOptions { MaxDepth = 8 }) as JsonObject
                ?? throw Wrong("must be a JSON object");
            _ = json.Count; // names given twice are found on first use
        }
        catch (JsonException e)
        {
            throw Wrong($"it is not JSON, from character {(e.BytePositionInLine ?? 0) + 1} on");
        }
        catch (ArgumentException)
        {
            throw Wrong("a name stands twice in it");
        }

        string? from = null, to = null, via = null, method = null, sni = null;
        ImmutableArray<KeyValuePair<string, string>> headers = [];
        foreach (var (name, value) in json)
        {
            switch (name)
            {
                case "from": from = Text(name, value); break;
                case "to": to = Text(name, value); break;
                case "via": via = Text(name, value); break;
                case "method": method = Text(name, value); break;
                case "sni": sni = Text(name, value); break;
                case "header" or "headers": headers = Headers(name, value); break;
                default: throw Wrong($"'{name}' is no field of a question; it has from, to, via, method, header and sni");
            }
        }

        return new Question(
            from ?? throw Wrong("from is missing"), to ?? throw Wrong("to is missing"), via, Question.CheckedMethod(method ?? Question.DefaultMethod), headers, sni);
    }

    private static ImmutableArray<KeyValuePair<string, string>> Headers(string name, JsonNode? value) => value switch
    {
        null => [],
        JsonArray list => [.. list.Select(h => Question.Header(Text(name, h) ?? ""))],
        JsonObject map => [.. map.SelectMany(h => h.Value is JsonArray several
            ? several.Select(v => Question.Header(h.Key, Text(name, v) ?? ""))
            : [Question.Header(h.Key, Text(name, h.Value) ?? "")])],
        _ => [Question.Header(Text(name, value) ?? "")],
    };

    private static string? Text(string name, JsonNode? value) => value switch
    {
        null => null,
        JsonValue v when v.TryGetValue(out string? text) => text,
        _ => throw Wrong($"{name} must be text"),
    };

    private static CliException Wrong(string why) =>
        CliException.Usage("this is no question", "--batch", why, """a line is {"from":"web/front","to":"http://orders.shop/api"}""");
}
