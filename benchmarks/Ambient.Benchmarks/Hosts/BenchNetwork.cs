namespace Ambient.Benchmarks.Hosts;

/// <summary>
/// Two pairs of hosts joined by a bridge, all inside the network namespace that <c>eng/in-namespace</c> made:
/// <c>plain-c</c>/<c>plain-s</c> for no proxy and for the peers, <c>mesh-c</c>/<c>mesh-s</c> which ztunnel captures, and
/// <c>node-a</c>/<c>node-b</c> where the two ztunnels live; <c>plain-p</c> and <c>mesh-w</c> are where a peer's and our HTTP proxy live.
/// </summary>
internal static class BenchNetwork
{
    public const string PlainServer = "10.99.0.12";
    public const string MeshClient = "10.99.0.21";
    public const string MeshServer = "10.99.0.22";

    public const string Waypoint = "10.99.0.23";

    private static readonly (string Name, string Address)[] Hosts =
    [
        ("plain-c", "10.99.0.11"), ("plain-s", PlainServer), ("mesh-c", MeshClient), ("mesh-s", MeshServer),
        ("plain-p", "10.99.0.13"), ("mesh-w", Waypoint), ("node-a", "10.99.0.31"), ("node-b", "10.99.0.32"),
    ];

    public static async Task CreateAsync(CancellationToken ct)
    {
        List<string> script = ["ip link add bench0 type bridge", "ip addr add 10.99.0.1/24 dev bench0", "ip link set bench0 up"];
        foreach ((string name, string address) in Hosts)
        {
            script.Add($"ip netns add {name}");
            script.Add($"ip link add v-{name} type veth peer name eth0 netns {name}");
            script.Add($"ip link set v-{name} master bench0 up");
            script.Add($"ip -n {name} addr add {address}/24 dev eth0");
            script.Add($"ip -n {name} link set eth0 up");
            script.Add($"ip -n {name} link set lo up");
            script.Add($"ip -n {name} route add default via 10.99.0.1");
        }

        await Command.RunAsync("bash", ["-ec", string.Join('\n', script)], ct);
    }
}
