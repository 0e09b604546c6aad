using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Proto = Istio.Workload;

namespace Ambient.Discovery.Codec;

/// <summary>istio.workload.Workload.</summary>
public static class WorkloadCodec
{
    /// <summary>Equal workloads make equal bytes: versions are hashes of them.</summary>
    public static Proto.Workload ToProto(Workload workload)
    {
        var proto = new Proto.Workload
        {
            Uid = workload.Uid,
            Name = workload.Name,
            Namespace = workload.Namespace,
            Hostname = workload.Hostname,
            Network = workload.Network,
            TunnelProtocol = (Proto.TunnelProtocol)workload.TunnelProtocol,
            TrustDomain = workload.TrustDomain,
            ServiceAccount = workload.ServiceAccount,
            Waypoint = GatewayCodec.ToProto(workload.Waypoint),
            NetworkGateway = GatewayCodec.ToProto(workload.NetworkGateway),
            Node = workload.Node,
            CanonicalName = workload.CanonicalName,
            CanonicalRevision = workload.CanonicalRevision,
            WorkloadType = (Proto.WorkloadType)workload.Kind,
            WorkloadName = workload.WorkloadName,
            NativeTunnel = workload.NativeTunnel,
            Status = (Proto.WorkloadStatus)workload.Health,
            ClusterId = workload.ClusterId,
            NetworkMode = (Proto.NetworkMode)workload.NetworkMode,
        };
        proto.Addresses.AddRange(workload.Addresses.Select(Wire.Bytes));
        proto.AuthorizationPolicies.AddRange(workload.AuthorizationPolicies);

        // Sorted, since a dictionary's own order differs from process to process.
        foreach ((string key, ImmutableArray<ServicePort> ports) in workload.Services.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            proto.Services.Add(key, new Proto.PortList { Ports = { ports.Select(PortCodec.ToProto) } });
        }

        if (workload.ApplicationTunnel is { } tunnel)
        {
            var protocol = tunnel.ProxyProtocol ? Proto.ApplicationTunnel.Types.Protocol.Proxy : Proto.ApplicationTunnel.Types.Protocol.None;
            proto.ApplicationTunnel = new Proto.ApplicationTunnel { Protocol = protocol, Port = (uint)tunnel.Port };
        }

        if (workload.Locality != Locality.Unknown)
        {
            Locality at = workload.Locality;
            proto.Locality = new Proto.Locality { Region = at.Region, Zone = at.Zone, Subzone = at.Subzone };
        }

        if (workload.StrictOrigin is { } strict)
        {
            proto.Extensions.Add(new Proto.Extension { Name = OriginCodec.StrictName, Config = OriginCodec.ToProto(strict, []) });
        }

        if (!workload.Labels.IsEmpty)
        {
            proto.Extensions.Add(LabelCodec.ToProto(workload.Labels));
        }

        if (workload.Egress is { } egress)
        {
            proto.Extensions.Add(EgressCodec.ToProto(egress));
        }

        proto.Capacity = workload.Capacity == 1 ? null : workload.Capacity;
        return proto;
    }

    /// <param name="proto">As it came.</param>
    /// <param name="keepLabels">False leaves them out, as node proxies do, which have no use for them.</param>
    /// <exception cref="CodecException">A field is missing, out of range or unknown.</exception>
    public static Workload FromProto(Proto.Workload proto, bool keepLabels = true)
    {
        string trustDomain = Wire.Or(proto.TrustDomain, MeshDefaults.TrustDomain);
        string serviceAccount = Wire.Or(proto.ServiceAccount, "default");
        string @namespace = Wire.Required(proto.Namespace, "namespace");
        Wire.Identity(trustDomain, @namespace, serviceAccount);
        return new Workload
        {
            Uid = Wire.Required(proto.Uid, "uid"),
            Name = Wire.Required(proto.Name, "name"),
            Namespace = @namespace,
            Addresses = [.. Wire.Addresses(proto.Addresses, "addresses")],
            Hostname = proto.Hostname,
            Network = proto.Network,
            TunnelProtocol = Tunnel(proto.TunnelProtocol),
            TrustDomain = trustDomain,
            ServiceAccount = serviceAccount,
            Waypoint = GatewayCodec.FromProto(proto.Waypoint, "waypoint"),
            NetworkGateway = GatewayCodec.FromProto(proto.NetworkGateway, "network_gateway"),
            Node = proto.Node,
            CanonicalName = proto.CanonicalName,
            CanonicalRevision = proto.CanonicalRevision,
            Kind = (WorkloadKind)Wire.Known(proto.WorkloadType, "workload_type"),
            WorkloadName = proto.WorkloadName,
            NativeTunnel = proto.NativeTunnel,
            ApplicationTunnel = ApplicationTunnelOf(proto.ApplicationTunnel),
            Services = ServicesOf(proto),
            AuthorizationPolicies = Wire.List(proto.AuthorizationPolicies, "authorization_policies", Wire.Required),
            StrictOrigin = StrictOriginOf(proto),
            Health = (WorkloadHealth)Wire.Known(proto.Status, "status"),
            ClusterId = Wire.Or(proto.ClusterId, MeshDefaults.ClusterId),
            Locality = proto.Locality is { } at ? new Locality(at.Region, at.Zone, at.Subzone) : Locality.Unknown,
            NetworkMode = (NetworkMode)Wire.Known(proto.NetworkMode, "network_mode"),
            Capacity = proto.Capacity ?? 1,
            Egress = EgressCodec.Of(proto),
            Labels = keepLabels ? LabelCodec.Of(proto) : Workload.NoLabels,
        };
    }

    private static TunnelProtocol Tunnel(Proto.TunnelProtocol protocol) => protocol switch
    {
        Proto.TunnelProtocol.None => TunnelProtocol.None,
        Proto.TunnelProtocol.Hbone => TunnelProtocol.Hbone,
        _ => throw new CodecException("tunnel_protocol", $"{protocol} is not supported"),
    };

    private static ApplicationTunnel? ApplicationTunnelOf(Proto.ApplicationTunnel? proto) => proto is null
        ? null
        : new ApplicationTunnel(
            Wire.Known(proto.Protocol, "application_tunnel.protocol") == Proto.ApplicationTunnel.Types.Protocol.Proxy,
            Wire.PortOrNone(proto.Port, "application_tunnel.port"));

    private static PolicyOrigin? StrictOriginOf(Proto.Workload proto)
    {
        for (int i = 0; i < proto.Extensions.Count; i++)
        {
            if (proto.Extensions[i].Name == OriginCodec.StrictName && OriginCodec.Is(proto.Extensions[i].Config))
            {
                return OriginCodec.FromProto(proto.Extensions[i].Config, $"extensions[{i}].config").Origin;
            }
        }

        return null;
    }

    private static ImmutableDictionary<string, ImmutableArray<ServicePort>> ServicesOf(Proto.Workload proto)
    {
        var services = ImmutableDictionary.CreateBuilder<string, ImmutableArray<ServicePort>>(StringComparer.Ordinal);
        foreach ((string key, Proto.PortList ports) in proto.Services)
        {
            string field = $"services[{key}]";
            services.Add(Wire.Required(key, "services"), Wire.List(ports.Ports, $"{field}.ports", PortCodec.FromProto));
        }

        return services.ToImmutable();
    }
}
