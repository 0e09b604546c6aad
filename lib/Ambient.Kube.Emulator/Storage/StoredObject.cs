using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Storage;

/// <summary>One version of one object. <see cref="Value"/> is shared by readers and never changed: copy before writing.</summary>
internal sealed class StoredObject
{
    private byte[]? bytes;

    public StoredObject(JsonObject value, long version)
    {
        Value = value;
        Version = version;
        Namespace = value.Text("metadata", "namespace") ?? "";
        Name = value.Text("metadata", "name") ?? "";
        Uid = value.Text("metadata", "uid") ?? "";
        Key = KeyOf(Namespace, Name);
    }

    public JsonObject Value { get; }

    public long Version { get; }

    public string Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    public string Key { get; }

    public string ApiVersion => Value.Text("apiVersion") ?? "";

    public bool IsTerminating => Value.At("metadata", "deletionTimestamp") is not null;

    /// <summary>JSON of the stored form; made once, whoever asks first.</summary>
    public byte[] Bytes => bytes ??= JsonText.Bytes(Value);

    /// <summary>Sorts as lists do: namespace, then name.</summary>
    public static string KeyOf(string ns, string name) => $"{ns}/{name}";
}
