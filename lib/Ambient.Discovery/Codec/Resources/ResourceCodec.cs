using System.Collections.Frozen;
using System.Text.Json;
using Ambient.Core.Mesh;
using Google.Protobuf;
using Proto = Ambient.Wire.V1.ProxyResource;

namespace Ambient.Discovery.Codec.Resources;

/// <summary>
/// ambient.proxy.v1.ProxyResource. Strict: a field that is not known here could be the one that narrows, so its resource is refused, and
/// the last good one stays. What has its default is not written, so that a field which is new and unused costs no older proxy anything.
/// </summary>
public static class ResourceCodec
{
    /// <summary>Of one resource's JSON. Kubernetes keeps objects under 2 MiB; a host's routes can come from several.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private static readonly FrozenDictionary<string, Type> Kinds = typeof(ProxyResource).Assembly.GetTypes()
        .Where(static t => t.IsSubclassOf(typeof(ProxyResource)) && !t.IsAbstract)
        .ToFrozenDictionary(static t => t.Name, StringComparer.Ordinal);

    /// <summary>Equal content makes equal bytes: versions are hashes of them.</summary>
    /// <exception cref="CodecException">It is larger than <see cref="MaxBytes"/>.</exception>
    public static Proto ToProto(ProxyResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(resource, resource.GetType(), ResourceJson.Options);
        return json.Length <= MaxBytes
            ? new Proto { Type = resource.Type, Content = UnsafeByteOperations.UnsafeWrap(json) }
            : throw new CodecException("content", $"has {json.Length} bytes, at most {MaxBytes} are allowed");
    }

    /// <exception cref="CodecException">The type is not known; a field is missing, unknown, twice there or out of range; it is too large or too deep.</exception>
    public static ProxyResource FromProto(Proto proto)
    {
        ArgumentNullException.ThrowIfNull(proto);
        if (!Kinds.TryGetValue(proto.Type, out Type? kind))
        {
            throw new CodecException("type", $"'{Shortened(proto.Type)}' is not known here");
        }

        if (proto.Content.Length > MaxBytes)
        {
            throw new CodecException("content", $"has {proto.Content.Length} bytes, at most {MaxBytes} are allowed");
        }

        try
        {
            return JsonSerializer.Deserialize(proto.Content.Span, kind, ResourceJson.Options) is ProxyResource { Key.Length: > 0 } resource
                ? resource
                : throw new CodecException("content", "is null, or has no key");
        }
        catch (Exception cause) when (cause is JsonException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            string path = cause is JsonException { Path: { Length: > 1 } at } ? $"content{at[1..]}" : "content";
            throw new CodecException(path, Shortened(cause.Message), cause);
        }
    }

    private static string Shortened(string text) => text.Length <= 300 ? text : text[..300] + "…";
}
