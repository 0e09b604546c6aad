using System.Text.Json;
using Ambient.Discovery.Codec;
using Google.Protobuf;

namespace Ambient.Proxy.Mesh;

/// <summary>
/// Resources in the shape that <c>ambientctl compile -o json</c> writes: <c>{"resources":[{"type","name","value"}]}</c>, type the last part
/// of the type URL, value the protobuf JSON mapping.
/// </summary>
internal static class LocalResources
{
    /// <exception cref="FormatException">Names file, resource and field.</exception>
    internal static void Read(MeshResources into, string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (JsonElement resource in document.RootElement.GetProperty("resources").EnumerateArray())
            {
                string type = resource.GetProperty("type").GetString() ?? "";
                string value = resource.GetProperty("value").GetRawText();
                try
                {
                    into.Add(Parse(type[(type.LastIndexOf('/') + 1)..], value));
                }
                catch (Exception e) when (e is CodecException or InvalidProtocolBufferException or FormatException)
                {
                    string name = resource.TryGetProperty("name", out JsonElement n) ? n.ToString() : "?";
                    throw new FormatException($"{file}: {type} {name}: {e.Message}", e);
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }
    }

    private static IMessage Parse(string type, string value) => type switch
    {
        "istio.workload.Address" => Istio.Workload.Address.Parser.ParseJson(value),
        "istio.workload.Workload" => new Istio.Workload.Address { Workload = Istio.Workload.Workload.Parser.ParseJson(value) },
        "istio.workload.Service" => new Istio.Workload.Address { Service = Istio.Workload.Service.Parser.ParseJson(value) },
        "istio.security.Authorization" => Istio.Security.Authorization.Parser.ParseJson(value),
        "ambient.enrolment.v1.PodEnrolment" => Ambient.Enrolment.V1.PodEnrolment.Parser.ParseJson(value),
        "ambient.proxy.v1.ProxyResource" => Ambient.Wire.V1.ProxyResource.Parser.ParseJson(value),
        "ambient.mesh.v1.MeshSettings" => Ambient.Mesh.V1.MeshSettings.Parser.ParseJson(value),
        _ => throw new FormatException($"unknown type '{type}'"),
    };
}
