namespace Ambient.Compile.Sources;

/// <summary>A ConfigMap, narrowed to authorities' certificates (<c>ca.crt</c>), PEM as written.</summary>
internal sealed record ConfigMapSource(SourceMeta Meta, string Authorities)
{
    public static ConfigMapSource Read(JsonView o, ObjectKey key) => new(
        SourceMeta.Read(o, key), o["data"].Text("ca.crt") is { Length: <= SecretSource.MaxPem } text ? text : "");
}
