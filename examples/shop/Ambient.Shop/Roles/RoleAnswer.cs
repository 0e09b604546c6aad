using System.Text.Json.Nodes;
using Ambient.Shop.Calling;

namespace Ambient.Shop.Roles;

/// <summary>A role's answer: its status, and fields for the body.</summary>
internal sealed record RoleAnswer(int Status, JsonObject Fields)
{
    /// <summary>Fails as the first of the calls did that had to go well.</summary>
    public static RoleAnswer After(params IReadOnlyList<CallAnswer> calls) => new(
        calls.FirstOrDefault(static c => !c.Ok)?.Status ?? 200, new JsonObject { ["calls"] = new JsonArray([.. calls.Select(static c => c.ToJson())]) });
}
