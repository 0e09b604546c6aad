using System.Collections.Immutable;
using Ambient.Compile.Gateways.Istio;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Gateways.Origination;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Running;

/// <summary>A running gateway → what it listens to, and the certificates that only it may have.</summary>
internal static class GatewayConfigCompiler
{
    public static UnitOutput Compile(MeshIndex index, ObjectKey unit)
    {
        HashSet<ObjectKey> dependencies = [];
        var output = RunningGateways.Find(index, unit.Namespace, unit.Name) is { } running ? Compile(index, running, dependencies) : UnitOutput.Nothing;
        index.Routing.Units.Set(unit, dependencies);
        return output;
    }

    /// <summary>An Istio Gateway as if a gateway of its namespace ran for it alone.</summary>
    public static GatewayConfig Declared(MeshIndex index, IstioGatewaySource gateway)
    {
        NamespacedName name = new(gateway.Meta.Namespace, gateway.Meta.Name);
        RunningGateway alone = new(name, ProxyRole.Ingress, name, gateway.Selector, null);
        return new GatewayConfig
        {
            Name = name,
            Role = alone.Role,
            ServiceAccount = name,
            Listeners = [.. gateway.Servers.Select(s => IstioServers.Listener(index, alone, gateway, s, [], []).Listener)],
        };
    }

    private static UnitOutput Compile(MeshIndex index, RunningGateway running, HashSet<ObjectKey> dependencies)
    {
        List<SecretSource> secrets = [];
        var own = Own(index, running, dependencies, secrets);
        var servers = Servers(index, running, own, dependencies, secrets).Select(static s => s.Listener).OfType<GatewayListener>();
        var shown = BackendCertificate(index, running, dependencies);
        var config = new GatewayConfig
        {
            Name = running.Name,
            Role = running.Role,
            ServiceAccount = running.ServiceAccount,
            BackendCertificate = shown?.Key,
            Listeners = [.. own, .. servers],
        };
        IEnumerable<GatewayCertificate> forClients = secrets.Select(s => new GatewayCertificate
        {
            Gateway = running.Name,
            Secret = new NamespacedName(s.Meta.Namespace, s.Meta.Name),
            ServiceAccount = running.ServiceAccount,
            Chain = s.Chain,
            PrivateKey = s.PrivateKey,
        });
        IEnumerable<GatewayCertificate> forBackends = shown is null ? ClientCredentials.Of(index, running, dependencies) : [.. ClientCredentials.Of(index, running, dependencies), shown];
        return new UnitOutput { Resources = [config, .. forClients.Concat(forBackends).GroupBy(static c => c.Key, StringComparer.Ordinal).Select(static g => g.Aggregate(Both))] };
    }

    /// <summary>One Secret that serves several ends: what any of them may use.</summary>
    private static GatewayCertificate Both(GatewayCertificate one, GatewayCertificate other) => one with
    {
        Chain = one.Chain.Length > 0 ? one.Chain : other.Chain,
        PrivateKey = one.PrivateKey.Length > 0 ? one.PrivateKey : other.PrivateKey,
        Authorities = one.Authorities.Length > 0 ? one.Authorities : other.Authorities,
        Problem = one.Problem ?? other.Problem,
    };

    /// <summary>What the Gateway shows to backends that ask (Gateway API v1, GatewayBackendTLS); with a problem when its Secret cannot be used.</summary>
    private static GatewayCertificate? BackendCertificate(MeshIndex index, RunningGateway running, HashSet<ObjectKey> dependencies)
    {
        if (running.Source?.ClientCertificate is not { } named)
        {
            return null;
        }

        var (secret, _, problem) = new CertificateCheck(index, running.Name.Namespace, dependencies).Certificate(named);
        return new GatewayCertificate
        {
            Gateway = running.Name,
            Secret = new NamespacedName(named.Namespace, named.Name),
            ServiceAccount = running.ServiceAccount,
            Chain = secret?.Chain ?? "",
            PrivateKey = secret?.PrivateKey ?? "",
            Problem = secret is null ? problem : null,
        };
    }

    /// <summary>Servers of Istio Gateways that choose the running one, the oldest Gateway first; a null listener with the reason why it is left out.</summary>
    public static IEnumerable<(IstioGatewaySource Gateway, IstioServerSource Server, GatewayListener? Listener, string? Problem)> Servers(
        MeshIndex index, RunningGateway running, ImmutableArray<GatewayListener> own, HashSet<ObjectKey> dependencies, List<SecretSource> secrets)
    {
        Dictionary<int, (ListenerFamily Family, string By)> ports = [];
        foreach (var listener in own.Where(static l => l.Protocol != ListenerProtocol.Udp))
        {
            ports.TryAdd(listener.Port, (ListenerFamilies.Of(listener.Protocol), $"listener {listener.Name} of Gateway {listener.Owner}"));
        }

        var gateways = index.IstioGateways.All.Where(g => RunningGateways.Serves(running, g)).OrderBy(static g => g.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge));
        foreach (var (gateway, server) in gateways.SelectMany(static g => g.Servers.Select(s => (g, s))))
        {
            var family = ListenerFamilies.Of(server.Protocol);
            if (ListenerPlanner.ReservedPorts.Contains(server.Port))
            {
                yield return (gateway, server, null, $"port {server.Port} is the gateway's own");
            }
            else if (!ports.TryAdd(server.Port, (family, $"server {server.Name} of Gateway {gateway.FullName}")) && (ports[server.Port].Family != family || family == ListenerFamily.Tcp))
            {
                yield return (gateway, server, null, $"port {server.Port} is taken by {ports[server.Port].By}");
            }
            else
            {
                var (listener, problem) = IstioServers.Listener(index, running, gateway, server, dependencies, secrets);
                yield return (gateway, server, listener, problem);
            }
        }
    }

    /// <summary>Listeners of the Gateway that the running one was made from, and of its ListenerSets.</summary>
    public static ImmutableArray<GatewayListener> Own(MeshIndex index, RunningGateway running, HashSet<ObjectKey> dependencies, List<SecretSource> secrets)
    {
        if (running.Source is not { } source)
        {
            return [];
        }

        var plans = new ListenerPlanner(index, source, GatewayClasses.RoleOf(index, source.Class), dependencies).All().Where(static p => p.Accepted).ToList();
        secrets.AddRange(plans.SelectMany(static p => p.Certificates));
        return
        [
            .. plans.Select(p => new GatewayListener
            {
                Owner = running.Name,
                Name = p.Listener.FullName,
                Port = p.Listener.Port,
                Protocol = ProtocolOf(p.Listener),
                Hostnames = p.Listener.Hostname.Length == 0 ? [] : [p.Listener.Hostname],
                Tls = p.Tls,
                Http3 = p.Listener.Protocol == "HTTPS" && source.Meta.Annotation(GatewayCompiler.Http3) == "true",
                ProxyProtocol = source.Meta.Annotation("ambient.dev/proxy-protocol") == "true",
                Invalid = p.Invalid,
            }),
        ];
    }

    private static ListenerProtocol ProtocolOf(ListenerSource listener) => (listener.Protocol, listener.Tls?.Mode) switch
    {
        ("HTTP", _) => ListenerProtocol.Http,
        ("HTTPS", _) => ListenerProtocol.Https,
        ("TLS", "Passthrough") => ListenerProtocol.TlsPassthrough,
        ("TLS", _) => ListenerProtocol.TlsTerminate,
        ("HBONE", _) => ListenerProtocol.Hbone,
        ("UDP", _) => ListenerProtocol.Udp,
        _ => ListenerProtocol.Tcp,
    };
}
