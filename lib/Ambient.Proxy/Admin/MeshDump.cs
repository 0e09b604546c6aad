using System.Text.Json;
using Ambient.Core;
using Ambient.Discovery.Codec;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Ambient.Proxy.Admin;

/// <summary>What discovery told, in protobuf's JSON mapping, for <c>/config_dump</c>.</summary>
internal static class MeshDump
{
    // What a policy was made from, and labels of a workload, are Anys inside them.
    private static readonly JsonFormatter s_format = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(false)
        .WithTypeRegistry(TypeRegistry.FromMessages(Ambient.Policy.V1.PolicyOrigin.Descriptor, Ambient.Wire.V1.WorkloadLabels.Descriptor)));

    internal static void Write(Utf8JsonWriter json, MeshSnapshot mesh)
    {
        Write(json, "workloads", mesh.Workloads.Select(WorkloadCodec.ToProto));
        Write(json, "services", mesh.Services.Select(ServiceCodec.ToProto));
        Write(json, "policies", mesh.Policies.Select(PolicyCodec.ToProto));
        json.WritePropertyName("settings");
        json.WriteRawValue(s_format.Format(SettingsCodec.ToProto(mesh.Settings)));
    }

    internal static void Write(Utf8JsonWriter json, string name, IEnumerable<IMessage> messages)
    {
        json.WriteStartArray(name);
        foreach (IMessage message in messages)
        {
            json.WriteRawValue(s_format.Format(message));
        }

        json.WriteEndArray();
    }
}
