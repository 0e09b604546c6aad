using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Ambient.Core.Gateways;

namespace Ambient.Routing.Gateways;

/// <summary>A gateway's listeners by port, ready to be asked. Immutable, thread-safe.</summary>
public sealed class GatewayPorts
{
    private static readonly ConditionalWeakTable<GatewayConfig, GatewayPorts> Made = [];

    private readonly FrozenDictionary<int, GatewayPort> _ports;
    private readonly FrozenDictionary<int, GatewayPort> _datagrams;

    private GatewayPorts(GatewayConfig config)
    {
        Config = config;
        _datagrams = config.Listeners.Where(l => l.Protocol == ListenerProtocol.Udp).DistinctBy(l => l.Port).ToFrozenDictionary(l => l.Port, l => new GatewayPort(l.Port, [l]));
        _ports = config.Listeners.Where(l => l.Protocol != ListenerProtocol.Udp).GroupBy(l => l.Port).ToFrozenDictionary(g => g.Key, g => new GatewayPort(g.Key, [.. g]));
    }

    public GatewayConfig Config { get; }

    /// <summary>Ports that connections come to.</summary>
    public IReadOnlyCollection<GatewayPort> All => _ports.Values;

    public static GatewayPorts Of(GatewayConfig config) => Made.GetValue(config, static c => new GatewayPorts(c));

    /// <summary>Ports that datagrams come to; a number can be in both.</summary>
    public IReadOnlyCollection<GatewayPort> Datagrams => _datagrams.Values;

    public GatewayPort? Find(int port) => _ports.GetValueOrDefault(port);

    public GatewayPort? FindDatagrams(int port) => _datagrams.GetValueOrDefault(port);
}
