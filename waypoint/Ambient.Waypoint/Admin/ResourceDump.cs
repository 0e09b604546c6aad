using System.Text.Json;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Mesh;
using Ambient.Discovery.Codec.Resources;

namespace Ambient.Waypoint.Admin;

/// <summary>Resources of waypoints and gateways by type, as they travel; of certificates not the key.</summary>
internal static class ResourceDump
{
    internal static void Write(Utf8JsonWriter json, MeshSnapshot mesh)
    {
        json.WriteStartObject("resources");
        foreach (IGrouping<string, ProxyResource> type in mesh.Resources.GroupBy(static r => r.Type, StringComparer.Ordinal))
        {
            json.WriteStartArray(type.Key);
            foreach (ProxyResource resource in type)
            {
                json.WriteRawValue(ResourceCodec.ToProto(WithoutSecret(resource)).Content.Span);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static ProxyResource WithoutSecret(ProxyResource resource) =>
        resource is GatewayCertificate certificate ? certificate with { PrivateKey = "" } : resource;
}
