using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

internal sealed class DynamicCodec : ObjectCodec<JsonObject>
{
    public override JsonObject Read(ReadOnlySpan<byte> utf8) =>
        JsonNode.Parse(utf8) as JsonObject ?? throw new JsonException("the answer is not a JSON object");

    public override async ValueTask<KubeList<JsonObject>> ReadListAsync(Stream utf8, CancellationToken cancellation)
    {
        if (await JsonNode.ParseAsync(utf8, cancellationToken: cancellation) is not JsonObject list)
        {
            throw new JsonException("the answer is not a JSON object");
        }

        JsonObject[] items = list["items"] is JsonArray array ? [.. array.OfType<JsonObject>()] : [];
        (list["items"] as JsonArray)?.Clear();
        return new KubeList<JsonObject>
        {
            ApiVersion = Text(list, "apiVersion") ?? "",
            Kind = Text(list, "kind") ?? "",
            Metadata = list["metadata"].Deserialize<ListMeta>(KubeJson.Options) ?? new ListMeta(),
            Items = items,
        };
    }

    public override byte[] Write(JsonObject value)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            value.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public override string NameOf(JsonObject value) => Meta(value, "name") ?? "";

    public override string NamespaceOf(JsonObject value) => Meta(value, "namespace") ?? "";

    public override string? UidOf(JsonObject value) => Meta(value, "uid");

    public override string? ResourceVersionOf(JsonObject value) => Meta(value, "resourceVersion");

    internal override JsonObject WithType(JsonObject value, GroupVersionKind type)
    {
        value["apiVersion"] ??= type.ApiVersion;
        value["kind"] ??= type.Kind;
        return value;
    }

    private static string? Meta(JsonObject value, string field) =>
        value["metadata"] is JsonObject metadata ? Text(metadata, field) : null;

    private static string? Text(JsonObject value, string field) =>
        value[field] is JsonValue text && text.TryGetValue(out string? s) ? s : null;
}
