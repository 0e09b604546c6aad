using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Proto = Ambient.Wire.V1.WorkloadEgress;

namespace Ambient.Discovery.Codec;

/// <summary>ambient.proxy.v1.WorkloadEgress: what chooses a workload by its labels, in an extension that other proxies pass over.</summary>
internal static class EgressCodec
{
    public const string Name = "ambient.dev/egress";

    public static Istio.Workload.Extension ToProto(string key) => new() { Name = Name, Config = Any.Pack(new Proto { Key = key }) };

    /// <exception cref="CodecException">The extension is not what its type says.</exception>
    public static string? Of(Istio.Workload.Workload workload)
    {
        for (int i = 0; i < workload.Extensions.Count; i++)
        {
            if (workload.Extensions[i].Name == Name && workload.Extensions[i].Config?.Is(Proto.Descriptor) == true)
            {
                try
                {
                    return Wire.Required(workload.Extensions[i].Config.Unpack<Proto>().Key, $"extensions[{i}].config.key");
                }
                catch (InvalidProtocolBufferException cause)
                {
                    throw new CodecException($"extensions[{i}].config", "is malformed", cause);
                }
            }
        }

        return null;
    }
}
