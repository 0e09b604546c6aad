using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

internal sealed class TypedCodec<T> : ObjectCodec<T>
    where T : class, IKubeObject
{
    public static TypedCodec<T> Instance { get; } = new();

    private static readonly JsonTypeInfo<T> One = (JsonTypeInfo<T>)KubeJson.Options.GetTypeInfo(typeof(T));

    private static readonly JsonTypeInfo<KubeList<T>> Many = (JsonTypeInfo<KubeList<T>>)KubeJson.Options.GetTypeInfo(typeof(KubeList<T>));

    public override T Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, One) ?? throw new JsonException("null is not an object");

    public override async ValueTask<KubeList<T>> ReadListAsync(Stream utf8, CancellationToken cancellation) =>
        await JsonSerializer.DeserializeAsync(utf8, Many, cancellation) ?? throw new JsonException("null is not a list");

    public override byte[] Write(T value) => JsonSerializer.SerializeToUtf8Bytes(value, One);

    public override string NameOf(T value) => value.Metadata.Name;

    public override string NamespaceOf(T value) => value.Metadata.Namespace ?? "";

    public override string? UidOf(T value) => value.Metadata.Uid;

    public override string? ResourceVersionOf(T value) => value.Metadata.ResourceVersion;

    // Items of a list come without a type; those of a watch with a string each, which would be held once an object.
    internal override T WithType(T value, GroupVersionKind type) => value is KubeObject known
        ? (T)(object)(known with { ApiVersion = string.Intern(type.ApiVersion), Kind = string.Intern(type.Kind) })
        : value;
}
