using Ambient.Core;
using Proto = Istio.Workload;

namespace Ambient.Discovery.Codec;

/// <summary>istio.workload.GatewayAddress.</summary>
internal static class GatewayCodec
{
    public static Proto.GatewayAddress? ToProto(Core.Workloads.GatewayAddress? gateway)
    {
        if (gateway is null)
        {
            return null;
        }

        var proto = new Proto.GatewayAddress { HboneMtlsPort = (uint)gateway.HbonePort };
        if (gateway.Hostname is { } hostname)
        {
            proto.Hostname = new Proto.NamespacedHostname { Namespace = hostname.Namespace, Hostname = hostname.Name };
        }
        else if (gateway.Address is { } address)
        {
            proto.Address = new Proto.NetworkAddress { Network = address.Network, Address = Wire.Bytes(address.Address) };
        }

        return proto;
    }

    public static Core.Workloads.GatewayAddress? FromProto(Proto.GatewayAddress? proto, string field)
    {
        if (proto is null)
        {
            return null;
        }

        int port = Wire.Port(proto.HboneMtlsPort, $"{field}.hbone_mtls_port");
        return proto.DestinationCase switch
        {
            Proto.GatewayAddress.DestinationOneofCase.Hostname => new(Named(proto.Hostname, $"{field}.hostname"), null, port),
            Proto.GatewayAddress.DestinationOneofCase.Address => new(null, Addressed(proto.Address, $"{field}.address"), port),
            _ => throw new CodecException(field, "has neither hostname nor address"),
        };
    }

    private static NamespacedName Named(Proto.NamespacedHostname proto, string field) =>
        new(Wire.Required(proto.Namespace, $"{field}.namespace"), Wire.Required(proto.Hostname, $"{field}.hostname"));

    private static Core.Workloads.NetworkAddress Addressed(Proto.NetworkAddress proto, string field)
    {
        var address = Wire.Address(proto.Address, $"{field}.address");
        return !proto.HasLength || proto.Length == proto.Address.Length * 8
            ? new(proto.Network, address)
            : throw new CodecException($"{field}.length", "a gateway is one address, not a range");
    }
}
