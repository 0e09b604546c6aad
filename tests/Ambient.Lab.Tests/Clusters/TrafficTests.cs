using Ambient.Kube.Resources;

namespace Ambient.Lab.Tests.Clusters;

/// <summary>Pods, services and names as seen from inside the pods.</summary>
public sealed class TrafficTests(LabFixture fixture) : IAsyncLifetime
{
    private const string Ns = "traffic";
    private LabCluster lab = null!;
    private string client = "";

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        lab = await fixture.LabAsync();
        await lab.ApplyAsync(
            Manifests.Namespace(Ns)
            + Manifests.Echo(Ns, "near", pod: "nodeName: node-1", service: "ipFamilyPolicy: PreferDualStack")
            + Manifests.Echo(Ns, "far", pod: "nodeName: node-2", service: "ipFamilyPolicy: PreferDualStack")
            + Manifests.Echo(Ns, "client", pod: "nodeName: node-1")
            + Manifests.Empty(Ns, "nobody") + Manifests.Peers(Ns, "peers", 2) + Manifests.ExternalName(Ns, "alias", $"far.{Ns}.svc.cluster.local"),
            ct);
        client = (await lab.WaitReadyAsync(Ns, "app=client", 1, LabFixture.Patience, ct))[0];
        await lab.WaitReadyAsync(Ns, "app=near", 1, LabFixture.Patience, ct);
        await lab.WaitReadyAsync(Ns, "app=far", 1, LabFixture.Patience, ct);
        await lab.WaitReadyAsync(Ns, "app=peers", 2, LabFixture.Patience, ct);
        await Talk.UntilAsync(() => lab.CallAsync(Ns, client, "http://far/"), a => a.Error() is null, "the service has its endpoint");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("near")]
    [InlineData("far")]
    public async Task Service_OnTheSameNodeOrTheOther_AnswersByNameAndEveryFamily(string name)
    {
        var service = await lab.Admin.Resource<Service>().GetAsync(Ns, name, TestContext.Current.CancellationToken);
        Assert.Equal(2, service.Spec!.ClusterIps.Count);

        foreach (var host in (string[])[name, $"{name}.{Ns}", $"{name}.{Ns}.svc.cluster.local", service.Spec.ClusterIps[0], $"[{service.Spec.ClusterIps[1]}]"])
        {
            var answer = await lab.CallAsync(Ns, client, $"http://{host}/");
            Assert.True(answer.Error() is null, $"{host}: {answer}");
            Assert.StartsWith(name + "-", answer.Pod());
        }
    }

    [Theory]
    [InlineData("near")]
    [InlineData("far")]
    public async Task Pod_CalledByItsAddresses_SeesTheCallersOwnAddress(string name)
    {
        var target = await PodAsync(name);
        var mine = await PodAsync("client");
        foreach (var (to, from) in target.Status!.PodIps.Zip(mine.Status!.PodIps))
        {
            var host = to.Ip.Contains(':', StringComparison.Ordinal) ? $"[{to.Ip}]" : to.Ip;
            var answer = await lab.CallAsync(Ns, client, $"http://{host}:8080/");
            Assert.Equal(from.Ip, answer.GetProperty("body").GetProperty("peer").GetString());
        }
    }

    [Fact]
    public async Task Service_CalledByItsOnlyEndpoint_ReachesItself()
    {
        var near = (await PodAsync("near")).Metadata.Name;
        Assert.Equal(near, (await lab.CallAsync(Ns, near, "http://near/")).Pod());
    }

    [Fact]
    public async Task Service_OverUdp_Answers()
    {
        var answer = await lab.CallAsync(Ns, client, "udp", "far:9053", "--text", "datagram");
        Assert.Equal("datagram", answer.GetProperty("body").GetString());
    }

    [Fact]
    public async Task Service_WithoutEndpoints_IsRefusedAtOnce()
    {
        var answer = await lab.CallAsync(Ns, client, "http://nobody/", "--timeout", "3000");
        Assert.Equal("ConnectionRefused", answer.Error());
    }

    [Fact]
    public async Task Service_FromTheNodeItself_Answers()
    {
        var service = await lab.Admin.Resource<Service>().GetAsync(Ns, "far", TestContext.Current.CancellationToken);
        foreach (var node in lab.Nodes)
        {
            var result = await LabCluster.ExecInNetnsAsync(node.NetnsPath, ["curl", "-sf", "-m", "5", $"http://{service.Spec!.ClusterIps[0]}/"]);
            Assert.True(result.ExitCode == 0, $"{node.Name}: curl exited {result.ExitCode}");
            Assert.Contains("\"pod\":\"far-", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task HeadlessService_ByName_GivesEveryPodAndEachByItsOwnName()
    {
        var addresses = (await ResolveAsync("peers")).ToHashSet();
        var pods = new List<Pod> { await NamedAsync("peers-0"), await NamedAsync("peers-1") };
        Assert.Equal(pods.Select(p => p.Status!.PodIp!).ToHashSet(), addresses);
        Assert.Equal([pods[1].Status!.PodIp!], await ResolveAsync("peers-1.peers"));
        Assert.Equal("peers-0", (await lab.CallAsync(Ns, client, $"http://peers-0.peers.{Ns}:8080/")).Pod());
    }

    [Fact]
    public async Task ExternalName_ByName_LeadsToItsTarget()
    {
        Assert.StartsWith("far-", (await lab.CallAsync(Ns, client, "http://alias/")).Pod());
    }

    [Fact]
    public async Task Names_ThatNobodyHas_AreNotFound()
    {
        var result = await lab.ExecInPodAsync(Ns, client, ["getent", "ahosts", "no-such-service"], null, TestContext.Current.CancellationToken);
        Assert.Equal(2, result.ExitCode);
        result = await lab.ExecInPodAsync(Ns, client, ["getent", "ahosts", "example.com"], null, TestContext.Current.CancellationToken);
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public async Task World_OutsideTheLab_IsUnreachable()
    {
        var answer = await lab.CallAsync(Ns, client, "tcp", "192.0.2.1:80", "--timeout", "5000");
        Assert.Contains(answer.Error(), (string[])["NetworkUnreachable", "HostUnreachable"]);
    }

    [Fact]
    public async Task ApiServer_FromAPod_AnswersUnderItsServiceNameWithTheMountedCa()
    {
        var result = await lab.ExecInPodAsync(
            Ns,
            client,
            ["sh", "-c", "cd /var/run/secrets/kubernetes.io/serviceaccount && curl -sf --cacert ca.crt -H \"Authorization: Bearer $(cat token)\" https://kubernetes.default.svc/api/v1/namespaces/$(cat namespace)/pods"],
            null,
            TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("\"kind\":\"PodList\"", result.Output, StringComparison.Ordinal);
    }

    private async Task<string[]> ResolveAsync(string name)
    {
        var result = await lab.ExecInPodAsync(Ns, client, ["getent", "ahostsv4", name], null, TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"{name}: {result.Error}");
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]).Distinct()];
    }

    private async Task<Pod> PodAsync(string app) => await NamedAsync((await lab.WaitReadyAsync(Ns, $"app={app}", 1, LabFixture.Patience))[0]);

    private Task<Pod> NamedAsync(string name) => lab.Admin.Resource<Pod>().GetAsync(Ns, name, TestContext.Current.CancellationToken);
}
