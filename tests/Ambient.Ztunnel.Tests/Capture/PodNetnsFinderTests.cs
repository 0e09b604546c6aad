using System.Globalization;
using System.Net;
using Ambient.Ztunnel.Capture;

namespace Ambient.Ztunnel.Tests.Capture;

public sealed class PodNetnsFinderTests : IDisposable
{
    private const string Uid = "0f9f1b4e-6d0b-4a52-9d38-3b4d8c0f1a77";
    private const string Other = "11111111-6d0b-4a52-9d38-3b4d8c0f1a77";
    private static readonly IPAddress s_address = IPAddress.Parse("10.244.1.5");

    private readonly string _proc = Directory.CreateTempSubdirectory("ambient-proc").FullName;

    public PodNetnsFinderTests()
    {
        Process(1, "/init.scope", "net:[1]", "192.168.1.1");
        Process("self", "/kubepods/burstable/podzz", "net:[1]", "192.168.1.1", 9);
    }

    [Theory]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0f9f1b4e_6d0b_4a52_9d38_3b4d8c0f1a77.slice/cri-containerd-ab.scope")]
    [InlineData("/kubepods/besteffort/pod0f9f1b4e-6d0b-4a52-9d38-3b4d8c0f1a77/ab")]
    [InlineData("/kubepods/pod0f9f1b4e-6d0b-4a52-9d38-3b4d8c0f1a77/ab")]
    [InlineData("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod0f9f1b4e_6d0b_4a52_9d38_3b4d8c0f1a77.slice/x.scope")]
    [InlineData("/../../kubepods-pod0f9f1b4e_6d0b_4a52_9d38_3b4d8c0f1a77.slice/x.scope")]
    [InlineData("/system.slice/containerd.service/kubepods-burstable-pod0f9f1b4e_6d0b_4a52_9d38_3b4d8c0f1a77.slice:cri-containerd:0a1b")]
    public void Cgroup_path_of_a_pod_tells_its_uid(string path) => Assert.Equal(Uid, PodNetnsFinder.PodUidOf(path));

    [Theory]
    [InlineData("/")]
    [InlineData("/user.slice/user-1000.slice/pod0f9f1b4e-6d0b-4a52-9d38-3b4d8c0f1a77")]
    [InlineData("/docker/abc/kubepods/pod0f9f1b4e-6d0b-4a52-9d38-3b4d8c0f1a77/x")]
    [InlineData("/kubepods/burstable/podnot-a-uid/x")]
    public void Cgroup_path_elsewhere_tells_nothing(string path) => Assert.Null(PodNetnsFinder.PodUidOf(path));

    [Fact]
    public void Cgroup_made_inside_another_pod_does_not_count() => Assert.Equal(
        Other, PodNetnsFinder.PodUidOf($"/kubepods/burstable/pod{Other}/ctr/kubepods/burstable/pod{Uid}/x"));

    [Fact]
    public void Oldest_process_with_the_pods_address_wins()
    {
        Process(30, $"/kubepods/pod{Uid}/a", "net:[7]", "10.244.1.5", started: 300);
        Process(20, $"/kubepods/pod{Uid}/b", "net:[7]", "10.244.1.5", started: 200);
        Process(10, $"/kubepods/pod{Other}/b", "net:[8]", "10.244.1.5", started: 100);

        Assert.Equal(Path.Combine(_proc, "20/ns/net"), PodNetnsFinder.Find(_proc, Uid, [s_address]));
    }

    [Fact]
    public void Host_netns_is_refused()
    {
        Process(20, $"/kubepods/pod{Uid}/b", "net:[1]", "10.244.1.5");

        Assert.Null(PodNetnsFinder.Find(_proc, Uid, [s_address]));
    }

    [Fact]
    public void Netns_without_the_pods_address_is_refused()
    {
        Process(20, $"/kubepods/pod{Uid}/b", "net:[9]", "10.244.1.6");

        Assert.Null(PodNetnsFinder.Find(_proc, Uid, [s_address]));
    }

    [Fact]
    public void Ipv6_address_is_found()
    {
        Process(20, $"/kubepods/pod{Uid}/b", "net:[9]", "10.244.1.6");
        File.WriteAllText(Path.Combine(_proc, "20/net/if_inet6"),
            "fd000244000000000000000000000005 02 40 00 80     eth0\n");

        Assert.NotNull(PodNetnsFinder.Find(_proc, Uid, [IPAddress.Parse("fd00:244::5")]));
    }

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    private void Process(int pid, string cgroup, string netns, string address, ulong started = 50) =>
        Process(pid.ToString(CultureInfo.InvariantCulture), cgroup, netns, address, started);

    private void Process(string pid, string cgroup, string netns, string address, ulong started)
    {
        string root = Path.Combine(_proc, pid);
        Directory.CreateDirectory(Path.Combine(root, "ns"));
        Directory.CreateDirectory(Path.Combine(root, "net"));
        File.CreateSymbolicLink(Path.Combine(root, "ns/net"), netns);
        File.WriteAllText(Path.Combine(root, "cgroup"), $"0::{cgroup}\n");
        File.WriteAllText(Path.Combine(root, "net/fib_trie"),
            $"Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- {address}\n        /32 host LOCAL\n     |-- 10.244.1.255\n        /32 link BROADCAST\n");
        File.WriteAllText(Path.Combine(root, "stat"),
            $"{pid} (a ) name) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {started} 0 0\n");
    }
}
