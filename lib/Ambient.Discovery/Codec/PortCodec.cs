using Ambient.Core.Services;
using Proto = Istio.Workload;

namespace Ambient.Discovery.Codec;

/// <summary>istio.workload.Port.</summary>
internal static class PortCodec
{
    public static Proto.Port ToProto(ServicePort port) => new()
    {
        ServicePort = (uint)port.Port,
        TargetPort = (uint)port.TargetPort,
        AppProtocol = (Proto.AppProtocol)port.Protocol,
    };

    public static ServicePort FromProto(Proto.Port proto, string field) => new(
        Wire.Port(proto.ServicePort, $"{field}.service_port"),
        Wire.PortOrNone(proto.TargetPort, $"{field}.target_port"),
        (AppProtocol)Wire.Known(proto.AppProtocol, $"{field}.app_protocol"));
}
