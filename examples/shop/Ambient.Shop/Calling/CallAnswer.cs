using System.Text.Json.Nodes;

namespace Ambient.Shop.Calling;

/// <summary>What another service said; 502 with the reason when it said nothing.</summary>
internal sealed record CallAnswer(string Service, int Status, JsonNode? Body)
{
    public bool Ok => Status < 400;

    public JsonObject ToJson() => new() { ["to"] = Service, ["status"] = Status, ["answer"] = Body?.DeepClone() };
}
