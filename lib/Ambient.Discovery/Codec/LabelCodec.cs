using System.Collections.Immutable;
using Ambient.Core.Workloads;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Proto = Ambient.Wire.V1.WorkloadLabels;

namespace Ambient.Discovery.Codec;

/// <summary>ambient.proxy.v1.WorkloadLabels: labels of a workload, in an extension that other proxies pass over.</summary>
internal static class LabelCodec
{
    public const string Name = "ambient.dev/labels";

    public static Istio.Workload.Extension ToProto(ImmutableSortedDictionary<string, string> labels)
    {
        var proto = new Proto();
        foreach ((string label, string value) in labels)
        {
            proto.Labels.Add(label, value);
        }

        return new Istio.Workload.Extension { Name = Name, Config = Any.Pack(proto) };
    }

    /// <exception cref="CodecException">The extension is not what its type says.</exception>
    public static ImmutableSortedDictionary<string, string> Of(Istio.Workload.Workload workload)
    {
        for (int i = 0; i < workload.Extensions.Count; i++)
        {
            if (workload.Extensions[i].Name == Name && workload.Extensions[i].Config?.Is(Proto.Descriptor) == true)
            {
                try
                {
                    return Workload.NoLabels.SetItems(workload.Extensions[i].Config.Unpack<Proto>().Labels);
                }
                catch (InvalidProtocolBufferException cause)
                {
                    throw new CodecException($"extensions[{i}].config", "is malformed", cause);
                }
            }
        }

        return Workload.NoLabels;
    }
}
