using System.Globalization;
using System.Text;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Network;

/// <summary>
/// The lab's wires. One outer namespace holds the bridge <c>lab0</c> (API server and DNS listen on its address); each node is a
/// namespace with <c>eth0</c> on that bridge and a bridge <c>pods0</c> of its own; each pod is a namespace with <c>eth0</c> on its node's <c>pods0</c>.
/// Pods hold single addresses (/32, /128) and send everything to their gateway, so that a node routes, and translates, both
/// directions of every connection, those between two pods of one node too. Nothing leads to the machine's own uplink.
/// </summary>
internal sealed class ClusterNetwork(string name, NetworkPlan plan)
{
    private static readonly (string, string)[] RouterSysctls =
    [
        ("ipv4/ip_forward", "1"),
        ("ipv6/conf/all/forwarding", "1"),
        ("ipv4/conf/all/send_redirects", "0"),
        ("ipv4/conf/default/send_redirects", "0"),
        ("ipv4/conf/all/rp_filter", "0"),
        ("ipv4/conf/default/rp_filter", "0"),
        // Where the kernel has br_netfilter, a bridge would translate what it forwards before it is routed, and then not send it back out of the port it came from.
        ("bridge/bridge-nf-call-iptables", "0"),
        ("bridge/bridge-nf-call-ip6tables", "0"),
        ("bridge/bridge-nf-call-arptables", "0"),
    ];

    private static readonly (string, string)[] PodSysctls =
    [
        ("ipv4/conf/all/accept_redirects", "0"),
        ("ipv4/conf/default/accept_redirects", "0"),
        ("ipv6/conf/all/accept_redirects", "0"),
        ("ipv6/conf/default/accept_redirects", "0"),
        ("ipv6/conf/default/accept_ra", "0"),
        ("ipv4/ip_unprivileged_port_start", "0"),
        // Only groups that the user namespace knows may be named.
        ("ipv4/ping_group_range", MachineUsers.AreMapped ? "0 2147483647" : "0 0"),
    ];

    public NetworkPlan Plan { get; } = plan;

    public string OuterName { get; } = name;

    public string OuterPath => Netns.PathOf(OuterName);

    public string NodeNetns(int node) => string.Create(CultureInfo.InvariantCulture, $"{OuterName}-node-{node}");

    /// <summary>Outer namespace, bridge and nodes, without pods.</summary>
    public async Task CreateAsync()
    {
        Directory.CreateDirectory(Netns.Folder);
        var nodes = Enumerable.Range(1, Plan.Nodes).ToArray();
        await Task.WhenAll(
            [Netns.CreateAsync(OuterName, RouterSysctls), .. nodes.Select(n => Netns.CreateAsync(NodeNetns(n), RouterSysctls))]).ConfigureAwait(false);
        await Tool.RunAsync(OuterPath, "ip", ["-batch", "-"], OuterCommands(nodes)).ConfigureAwait(false);
        await Task.WhenAll(nodes.Select(n => Tool.RunAsync(Netns.PathOf(NodeNetns(n)), "ip", ["-batch", "-"], NodeCommands(n, nodes)))).ConfigureAwait(false);
    }

    /// <summary>Names of all namespaces but the pods' are removed.</summary>
    public void Delete()
    {
        foreach (var node in Enumerable.Range(1, Plan.Nodes))
        {
            Netns.Delete(NodeNetns(node));
        }

        Netns.Delete(OuterName);
    }

    /// <summary>Makes a pod's namespace with its addresses and routes. <paramref name="link"/> names the node's end, at most 15 characters.</summary>
    public async Task AddPodAsync(string netns, int node, int index, string link)
    {
        await Netns.CreateAsync(netns, PodSysctls).ConfigureAwait(false);
        var text = new StringBuilder();
        Line(text, $"link set lo up");
        Line(text, $"link add eth0 type veth peer name {link} netns {NodeNetns(node)}");
        foreach (var address in Plan.PodAddresses(node, index))
        {
            var six = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
            Line(text, $"addr add {address}/{(six ? "128 dev eth0 nodad" : "32 dev eth0")}");
        }

        Line(text, $"link set eth0 up");
        if (Plan.HasIPv4)
        {
            Line(text, $"route add {NetworkPlan.PodGateway4(node)} dev eth0 scope link");
            Line(text, $"route add default via {NetworkPlan.PodGateway4(node)} dev eth0");
        }

        if (Plan.HasIPv6)
        {
            Line(text, $"route add {NetworkPlan.PodGateway6(node)} dev eth0");
            Line(text, $"route add ::/0 via {NetworkPlan.PodGateway6(node)} dev eth0");
        }

        await Tool.RunAsync(Netns.PathOf(netns), "ip", ["-batch", "-"], text.ToString()).ConfigureAwait(false);
        await Tool.RunAsync(Netns.PathOf(NodeNetns(node)), "ip", ["link", "set", link, "master", "pods0", "up"]).ConfigureAwait(false);
    }

    /// <summary>Takes the wire away at once, so that nothing reaches a pod that is gone; its namespace goes with its last process.</summary>
    public async Task RemovePodAsync(string netns, int node, string link)
    {
        _ = await Tool.TryAsync(Netns.PathOf(NodeNetns(node)), "ip", ["link", "del", link]).ConfigureAwait(false);
        Netns.Delete(netns);
    }

    private string OuterCommands(int[] nodes)
    {
        var text = new StringBuilder();
        Line(text, $"link set lo up");
        // A bridge takes the lowest hardware address of its ports unless it has one of its own: with every new pod its neighbours could lose it for a while.
        Line(text, $"link add lab0 address 02:00:5e:00:00:01 type bridge mcast_snooping 0");
        Addresses(text, "lab0", (NetworkPlan.Gateway4, 24), (NetworkPlan.Gateway6, 64));
        Line(text, $"link set lab0 up");
        foreach (var node in nodes)
        {
            Line(text, $"link add n{node} type veth peer name eth0 netns {NodeNetns(node)}");
            Line(text, $"link set n{node} master lab0 up");
            PodRoutes(text, node);
        }

        return text.ToString();
    }

    private string NodeCommands(int node, int[] nodes)
    {
        var text = new StringBuilder();
        Line(text, $"link set lo up");
        Addresses(text, "eth0", (NetworkPlan.Node4(node), 24), (NetworkPlan.Node6(node), 64));
        Line(text, $"link set eth0 up");
        Line(text, $"link add pods0 address 02:00:5e:00:01:{node:x2} type bridge mcast_snooping 0");
        Addresses(text, "pods0", (NetworkPlan.PodGateway4(node), 24), (NetworkPlan.PodGateway6(node), 64));
        Line(text, $"link set pods0 up");
        foreach (var other in nodes.Where(n => n != node))
        {
            PodRoutes(text, other);
        }

        if (Plan.HasIPv4)
        {
            Line(text, $"route add default via {NetworkPlan.Gateway4}");
        }

        if (Plan.HasIPv6)
        {
            Line(text, $"route add ::/0 via {NetworkPlan.Gateway6}");
        }

        return text.ToString();
    }

    private void Addresses(StringBuilder text, string device, (System.Net.IPAddress Address, int Length) four, (System.Net.IPAddress Address, int Length) six)
    {
        if (Plan.HasIPv4)
        {
            Line(text, $"addr add {four.Address}/{four.Length} dev {device}");
        }

        if (Plan.HasIPv6)
        {
            Line(text, $"addr add {six.Address}/{six.Length} dev {device} nodad");
        }
    }

    private void PodRoutes(StringBuilder text, int node)
    {
        if (Plan.HasIPv4)
        {
            Line(text, $"route add {NetworkPlan.PodCidr4(node)} via {NetworkPlan.Node4(node)}");
        }

        if (Plan.HasIPv6)
        {
            Line(text, $"route add {NetworkPlan.PodCidr6(node)} via {NetworkPlan.Node6(node)}");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
