using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Discovery;

/// <summary>OpenAPI documents, made when first asked for and kept until the catalogue changes.</summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog, string version)
{
    private readonly ConcurrentDictionary<string, byte[]> built = new();
    private long serial = -1;

    /// <summary>openapi.v2.Document with field 1, swagger, alone.</summary>
    public static ReadOnlyMemory<byte> Version2Protobuf { get; } = new byte[] { 0x0A, 0x03, (byte)'2', (byte)'.', (byte)'0' };

    public byte[] Index()
    {
        var paths = new JsonObject();
        foreach (ApiGroup group in catalog.Current.Groups)
        {
            foreach (string v in group.Versions)
            {
                string path = group.Name.Length == 0 ? $"api/{v}" : $"apis/{group.Name}/{v}";
                string hash = Convert.ToHexString(SHA256.HashData(Of(group.Name, v)!));
                paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
            }
        }

        return JsonText.Bytes(new JsonObject { ["paths"] = paths });
    }

    /// <summary>Null where the group and version are not served.</summary>
    public byte[]? Of(string group, string v)
    {
        CatalogView view = catalog.Current;
        if (Interlocked.Exchange(ref serial, view.Serial) != view.Serial)
        {
            built.Clear();
        }

        ResourceType[] types = [.. view.Types.Where(t => t.Group == group && t.Version == v)];
        return types.Length == 0 ? null
            : built.GetOrAdd($"{view.Serial}/{group}/{v}", _ => JsonText.Bytes(OpenApiDocument.Build(types, version)));
    }

    public byte[] Version2() => JsonText.Bytes(new JsonObject
    {
        ["swagger"] = "2.0",
        ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = $"v{version}" },
        ["paths"] = new JsonObject(),
        ["definitions"] = new JsonObject(),
    });
}
