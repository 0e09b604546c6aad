using System.Buffers;
using Ambient.Discovery.Grpc;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace Ambient.Discovery.Publishing;

/// <summary>
/// A response that is ready to be written. The encoded resources are shared with every other receiver and are appended behind the other fields:
/// protobuf fields may come in any order.
/// </summary>
internal sealed record PendingResponse(
    string TypeUrl, string Version, string Nonce, IReadOnlyList<ReadOnlyMemory<byte>> Resources, IReadOnlyList<string> Removed)
{
    // Field 2, resources, length-delimited.
    private const byte ResourcesTag = (2 << 3) | 2;

    public void WriteTo(IBufferWriter<byte> output)
    {
        var head = new DeltaDiscoveryResponse { SystemVersionInfo = Version, TypeUrl = TypeUrl, Nonce = Nonce, RemovedResources = { Removed } };
        long size = head.CalculateSize();
        foreach (ReadOnlyMemory<byte> resource in Resources)
        {
            size += SizeOf(resource);
        }

        GrpcFrame.WritePrefix(output, checked((int)size));
        head.WriteTo(output);
        foreach (ReadOnlyMemory<byte> resource in Resources)
        {
            Append(output, resource.Span);
        }
    }

    public static int SizeOf(ReadOnlyMemory<byte> resource) =>
        1 + CodedOutputStream.ComputeLengthSize(resource.Length) + resource.Length;

    private static void Append(IBufferWriter<byte> output, ReadOnlySpan<byte> resource)
    {
        Span<byte> prefix = output.GetSpan(6);
        int at = 0;
        prefix[at++] = ResourcesTag;
        uint length = (uint)resource.Length;
        while (length >= 0x80)
        {
            prefix[at++] = (byte)(length | 0x80);
            length >>= 7;
        }

        prefix[at++] = (byte)length;
        output.Advance(at);
        output.Write(resource);
    }
}
