using System.Globalization;
using System.Net;
using Ambient.Ztunnel.Tests.Netlab;

[assembly: AssemblyFixture(typeof(PodNetwork))]

namespace Ambient.Ztunnel.Tests.Netlab;

/// <summary>
/// This process's netns as a node: a bridge with 10.244.0.1/16 and fd00:244::1/64, and pods on it as tests ask for them.
/// Needs namespaces of its own: run the program by <c>eng/in-namespace</c>.
/// </summary>
public sealed class PodNetwork
{
    private readonly bool _there = Environment.GetEnvironmentVariable("AMBIENT_IN_NAMESPACE") == "1";
    private int _next = 1;

    public PodNetwork()
    {
        if (!_there)
        {
            return;
        }

        File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
        Shell.Ip("link add pods type bridge");
        File.WriteAllText("/proc/sys/net/ipv6/conf/pods/accept_dad", "0");
        Shell.Ip("addr add 10.244.0.1/16 dev pods");
        Shell.Ip("addr add fd00:244::1/64 dev pods nodad");
        Shell.Ip("link set pods up");
    }

    internal static IPAddress NodeAddress { get; } = IPAddress.Parse("10.244.0.1");

    internal static IPAddress NodeAddress6 { get; } = IPAddress.Parse("fd00:244::1");

    internal Pod NewPod()
    {
        Assert.SkipUnless(_there, "needs network namespaces of its own: run by eng/in-namespace");
        int n = Interlocked.Increment(ref _next);
        string name = string.Create(CultureInfo.InvariantCulture, $"pod{n}");
        var v4 = new IPAddress([10, 244, (byte)(n >> 8), (byte)n]);
        var v6 = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"fd00:244::1:{n:x}"));
        Shell.Ip($"netns add {name}");
        Shell.Ip($"link add veth{n} type veth peer name eth0 netns {name}");
        Shell.Ip($"link set veth{n} master pods up");
        Shell.Ip($"-n {name} link set lo up");
        Shell.Ip($"-n {name} addr add {v4}/16 dev eth0");
        Shell.Ip($"-n {name} addr add {v6}/64 dev eth0 nodad");
        Shell.Ip($"-n {name} link set eth0 up");
        Shell.Ip($"-n {name} route add default via 10.244.0.1");
        Shell.Ip($"-n {name} -6 route add default via fd00:244::1");
        return new Pod(name, v4, v6);
    }
}
