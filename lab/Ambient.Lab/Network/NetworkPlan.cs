using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Ambient.Lab.Network;

/// <summary>Who has which address in a lab. Node numbers start at 1.</summary>
internal sealed class NetworkPlan(AddressFamilies families, int nodes)
{
    public const int ApiPort = 6443;
    public const int MaxNodes = 16;

    public static readonly IPNetwork Services4 = IPNetwork.Parse("10.96.0.0/16");
    public static readonly IPNetwork Services6 = IPNetwork.Parse("fd00:96::/112");
    public static readonly IPAddress Gateway4 = IPAddress.Parse("172.30.0.1");
    public static readonly IPAddress Gateway6 = IPAddress.Parse("fd00:30::1");
    public static readonly IPAddress Dns4 = IPAddress.Parse("10.96.0.10");
    public static readonly IPAddress Dns6 = IPAddress.Parse("fd00:96::a");

    public int Nodes { get; } = nodes;

    public AddressFamilies Families { get; } = families;

    public bool HasIPv4 => Families != AddressFamilies.IPv6;

    public bool HasIPv6 => Families != AddressFamilies.IPv4;

    /// <summary>Addresses of the outer namespace, where API server and DNS listen; primary family first.</summary>
    public ImmutableArray<IPAddress> Gateways => Pick(Gateway4, Gateway6);

    /// <summary>ClusterIPs of the cluster DNS.</summary>
    public ImmutableArray<IPAddress> DnsServices => Pick(Dns4, Dns6);

    public static IPAddress Node4(int node) => Parse($"172.30.0.{10 + node}");

    public static IPAddress Node6(int node) => Parse($"fd00:30::{10 + node}");

    public static string PodCidr4(int node) => string.Create(CultureInfo.InvariantCulture, $"10.244.{node}.0/24");

    public static string PodCidr6(int node) => string.Create(CultureInfo.InvariantCulture, $"fd00:244:{node}::/64");

    public static IPAddress PodGateway4(int node) => Pod4(node, 1);

    public static IPAddress PodGateway6(int node) => Pod6(node, 1);

    public static IPAddress Pod4(int node, int index) => Parse($"10.244.{node}.{index}");

    public static IPAddress Pod6(int node, int index) => Parse($"fd00:244:{node}::{index:x}");

    public ImmutableArray<IPAddress> NodeAddresses(int node) => Pick(Node4(node), Node6(node));

    public ImmutableArray<IPAddress> PodAddresses(int node, int index) => Pick(Pod4(node, index), Pod6(node, index));

    public ImmutableArray<string> PodCidrs(int node) => Pick(PodCidr4(node), PodCidr6(node));

    private ImmutableArray<T> Pick<T>(T four, T six) => Families switch
    {
        AddressFamilies.IPv4 => [four],
        AddressFamilies.IPv6 => [six],
        _ => [four, six],
    };

    private static IPAddress Parse(FormattableString text) => IPAddress.Parse(text.ToString(CultureInfo.InvariantCulture));
}
