using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>Bytes to objects and back, and what client and caches must know of an object of type <typeparamref name="T"/>.</summary>
public abstract class ObjectCodec<T>
    where T : class
{
    public abstract T Read(ReadOnlySpan<byte> utf8);

    public abstract ValueTask<KubeList<T>> ReadListAsync(Stream utf8, CancellationToken cancellation);

    public virtual byte[] Write(T value) => JsonSerializer.SerializeToUtf8Bytes(value, KubeJson.Options);

    public abstract string NameOf(T value);

    /// <summary>Empty for cluster-scoped objects.</summary>
    public abstract string NamespaceOf(T value);

    public abstract string? UidOf(T value);

    public abstract string? ResourceVersionOf(T value);

    public string KeyOf(T value) => NamespaceOf(value) is { Length: > 0 } ns ? $"{ns}/{NameOf(value)}" : NameOf(value);

    internal abstract T WithType(T value, GroupVersionKind type);
}

/// <summary>The two codecs that there are.</summary>
public static class ObjectCodec
{
    /// <summary>Objects as they are on the wire.</summary>
    public static ObjectCodec<JsonObject> Dynamic { get; } = new DynamicCodec();

    public static ObjectCodec<T> Typed<T>()
        where T : class, IKubeObject => TypedCodec<T>.Instance;
}
