using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Ambient.Core.Gateways;

namespace Ambient.Routing.Gateways;

/// <summary>A gateway's listeners by port, ready to be asked. Immutable, thread-safe.</summary>
public sealed class GatewayPorts
{
    private static readonly ConditionalWeakTable<GatewayConfig, GatewayPorts> Made = [];

    private readonly FrozenDictionary<int, GatewayPort> _ports;

    private GatewayPorts(GatewayConfig config)
    {
        Config = config;
        _ports = config.Listeners.GroupBy(l => l.Port).ToFrozenDictionary(g => g.Key, g => new GatewayPort(g.Key, [.. g]));
    }

    public GatewayConfig Config { get; }

    public IReadOnlyCollection<GatewayPort> All => _ports.Values;

    public static GatewayPorts Of(GatewayConfig config) => Made.GetValue(config, static c => new GatewayPorts(c));

    public GatewayPort? Find(int port) => _ports.GetValueOrDefault(port);
}
