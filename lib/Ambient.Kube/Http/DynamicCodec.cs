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
        using JsonDocument document = await JsonDocument.ParseAsync(utf8, cancellationToken: cancellation);
        JsonElement list = document.RootElement;
        if (list.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("the answer is not a JSON object");
        }

        // Each item is copied out: a node that is kept must not keep the whole list's text with it.
        return new KubeList<JsonObject>
        {
            ApiVersion = LegacyDiscovery.Text(list, "apiVersion"),
            Kind = LegacyDiscovery.Text(list, "kind"),
            Metadata = list.TryGetProperty("metadata", out JsonElement metadata)
                ? metadata.Deserialize<ListMeta>(KubeJson.Options) ?? new ListMeta()
                : new ListMeta(),
            Items = [.. LegacyDiscovery.Items(list, "items").Where(i => i.ValueKind == JsonValueKind.Object)
                .Select(i => JsonObject.Create(i.Clone())!)],
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
