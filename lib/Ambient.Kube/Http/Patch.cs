using System.Text.Json.Nodes;

namespace Ambient.Kube.Http;

/// <summary>
/// A change to send with PATCH. The field manager owns the fields afterwards and is required for <see cref="PatchKind.Apply"/>;
/// force (Apply only) takes fields over from other managers instead of failing with a conflict.
/// </summary>
public sealed record Patch(PatchKind Kind, JsonNode Body, string? FieldManager = null, bool Force = false)
{
    public static Patch Merge(JsonObject body, string? fieldManager = null) => new(PatchKind.Merge, body, fieldManager);

    public static Patch Json(JsonArray operations, string? fieldManager = null) => new(PatchKind.Json, operations, fieldManager);

    public static Patch Apply(JsonObject body, string fieldManager, bool force = false) =>
        new(PatchKind.Apply, body, fieldManager, force);

    internal string ContentType => Kind switch
    {
        PatchKind.Merge => "application/merge-patch+json",
        PatchKind.Json => "application/json-patch+json",
        PatchKind.Apply => "application/apply-patch+yaml",
        PatchKind.StrategicMerge => "application/strategic-merge-patch+json",
        _ => throw new InvalidOperationException($"unknown patch kind {Kind}"),
    };
}
