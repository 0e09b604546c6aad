using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>
/// Base of the typed resources. They hold the fields that are used and no others, so never send one back whole
/// to replace an object that somebody else owns: patch it.
/// </summary>
public abstract record KubeObject : IKubeObject
{
    [JsonPropertyOrder(-3)]
    public string ApiVersion { get; init; } = "";

    [JsonPropertyOrder(-2)]
    public string Kind { get; init; } = "";

    [JsonPropertyOrder(-1)]
    public ObjectMeta Metadata { get; init => field = value ?? ObjectMeta.Empty; } = ObjectMeta.Empty;
}
