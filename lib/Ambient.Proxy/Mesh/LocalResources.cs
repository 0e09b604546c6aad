using System.Text.Json;
using Ambient.Discovery.Codec;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Ambient.Proxy.Mesh;

/// <summary>
/// Resources in the shape that <c>ambientctl compile -o json</c> writes: <c>{"resources":[{"type","name","value"}]}</c>, type the last part
/// of the type URL, value the protobuf JSON mapping.
/// </summary>
internal static class LocalResources
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithTypeRegistry(
        TypeRegistry.FromMessages(Ambient.Policy.V1.PolicyOrigin.Descriptor, Ambient.Wire.V1.WorkloadLabels.Descriptor, Ambient.Wire.V1.WorkloadEgress.Descriptor)));

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
        "istio.workload.Address" => Parser.Parse<Istio.Workload.Address>(value),
        "istio.workload.Workload" => new Istio.Workload.Address { Workload = Parser.Parse<Istio.Workload.Workload>(value) },
        "istio.workload.Service" => new Istio.Workload.Address { Service = Parser.Parse<Istio.Workload.Service>(value) },
        "istio.security.Authorization" => Parser.Parse<Istio.Security.Authorization>(value),
        "ambient.enrolment.v1.PodEnrolment" => Parser.Parse<Ambient.Enrolment.V1.PodEnrolment>(value),
        "ambient.proxy.v1.ProxyResource" => Parser.Parse<Ambient.Wire.V1.ProxyResource>(value),
        "ambient.mesh.v1.MeshSettings" => Parser.Parse<Ambient.Mesh.V1.MeshSettings>(value),
        _ => throw new FormatException($"unknown type '{type}'"),
    };
}
