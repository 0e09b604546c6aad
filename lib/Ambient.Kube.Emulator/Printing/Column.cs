using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>One column; priority above 0 is shown with <c>-o wide</c> only.</summary>
internal sealed record Column(string Name, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    public string Type { get; init; } = "string";

    public string Format { get; init; } = "";

    public string Description { get; init; } = "";

    public int Priority { get; init; }

    public JsonNode Definition() => new JsonObject
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Format,
        ["description"] = Description,
        ["priority"] = Priority,
    };
}
