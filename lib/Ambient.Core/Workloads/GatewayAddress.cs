namespace Ambient.Core.Workloads;

/// <summary>
/// Where a waypoint or a network gateway is reached: by service host name or by address
/// (istio.workload.GatewayAddress). Exactly one of <see cref="Hostname"/> and <see cref="Address"/> is set.
/// </summary>
/// <param name="Hostname">Namespace and host name of a mesh service.</param>
/// <param name="Address">An address, usually the VIP of a mesh service.</param>
/// <param name="HbonePort">1 to 65535, normally 15008.</param>
public sealed record GatewayAddress(NamespacedName? Hostname, NetworkAddress? Address, int HbonePort)
{
    public const int DefaultHbonePort = 15008;

    public override string ToString() => $"{(Hostname is { } h ? h.ToString() : Address?.ToString())}:{HbonePort}";
}
