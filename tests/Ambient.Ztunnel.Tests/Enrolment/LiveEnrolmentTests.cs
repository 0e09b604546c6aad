using System.Net.Sockets;
using Ambient.Ztunnel.Enrolment;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Enrolment;

public sealed class LiveEnrolmentTests(PodNetwork network)
{
    [Fact]
    public async Task Running_pods_enter_and_leave_and_established_connections_go_on()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = mesh.Pod(), server = mesh.Pod();
        foreach (Pod pod in (Pod[])[client, server])
        {
            mesh.Add(TestMesh.EnrolmentOf(pod, pod.Name, false));
            mesh.Add(TestMesh.WorkloadOf(pod, pod.Name) with { TunnelProtocol = Core.Workloads.TunnelProtocol.None });
        }

        await mesh.PublishAsync();
        Assert.Equal(new CniReply(true, false, "because the test says so", null), await node.Parts.Pods.AddAsync(TestMesh.RecordOf(client)));
        Assert.Equal(new CniReply(true, false, "because the test says so", null), await node.Parts.Pods.AddAsync(TestMesh.RecordOf(server)));
        using TcpEndpoint app = server.Listen(8080);
        (Socket beforeFrom, Socket beforeTo) = await MeetAsync(client, server, app);

        await EnrolAsync(mesh, node, true, client, server);
        await SocketWords.ExchangeAsync(beforeFrom, beforeTo);
        await SocketWords.ExchangeAsync(beforeTo, beforeFrom);
        (Socket duringFrom, Socket duringTo) = await MeetAsync(client, server, app);
        await mesh.UntilAsync(() => node.Parts.Pods.OpenConnections.Count() == 2, "the new connection is captured at both ends");

        await EnrolAsync(mesh, node, false, client, server);
        await SocketWords.ExchangeAsync(beforeFrom, beforeTo);
        await SocketWords.ExchangeAsync(duringFrom, duringTo);
        (Socket afterFrom, Socket afterTo) = await MeetAsync(client, server, app);
        Assert.Equal(2, node.Parts.Pods.OpenConnections.Count());

        duringFrom.Dispose();
        duringTo.Dispose();
        await mesh.UntilAsync(() => node.Parts.Pods.Keepers.All(k => k.Capture is null), "nothing is left of the capture");
        await SocketWords.ExchangeAsync(afterFrom, afterTo);
        Assert.DoesNotContain("ambient", Shell.Run("nsenter", $"--net={client.Path}", "nft", "list", "tables"));
        foreach (Socket socket in (Socket[])[beforeFrom, beforeTo, afterFrom, afterTo])
        {
            socket.Dispose();
        }
    }

    [Fact]
    public async Task New_pod_waits_for_the_word_and_system_pods_do_not()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync(c => c with { CniWait = TimeSpan.FromSeconds(8) });
        Pod pod = mesh.Pod(), system = mesh.Pod();

        Task<CniReply> waiting = node.Parts.Pods.AddAsync(TestMesh.RecordOf(pod));
        CniReply atOnce = await node.Parts.Pods.AddAsync(TestMesh.RecordOf(system) with { Namespace = "kube-system" });
        Assert.True(atOnce is { Ok: true, Captured: false });
        Assert.False(waiting.IsCompleted);
        mesh.Add(TestMesh.EnrolmentOf(pod, "late", true));
        await mesh.PublishAsync();

        Assert.True(await waiting is { Ok: true, Captured: true });
    }

    [Fact]
    public async Task New_pod_without_a_word_is_held_back_with_the_reason()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync(c => c with { CniWait = TimeSpan.FromMilliseconds(200) });

        CniReply reply = await node.Parts.Pods.AddAsync(TestMesh.RecordOf(mesh.Pod()));

        Assert.False(reply.Ok);
        Assert.Contains("the operator has not said yet", reply.Error);
    }

    [Fact]
    public async Task Nodes_own_netns_is_refused()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();

        CniReply reply = await node.Parts.Pods.AddAsync(TestMesh.RecordOf(mesh.Pod()) with { Netns = "/proc/self/ns/net" });

        Assert.False(reply.Ok);
        Assert.Contains("node's own network namespace", reply.Error);
    }

    private static async Task EnrolAsync(TestMesh mesh, ZtunnelNode node, bool enrolled, params Pod[] pods)
    {
        foreach (Pod pod in pods)
        {
            mesh.Add(TestMesh.EnrolmentOf(pod, pod.Name, enrolled));
            mesh.Add(TestMesh.WorkloadOf(pod, pod.Name) with
            {
                TunnelProtocol = enrolled ? Core.Workloads.TunnelProtocol.Hbone : Core.Workloads.TunnelProtocol.None,
            });
        }

        await mesh.PublishAsync();
        await mesh.UntilAsync(
            () => node.Parts.Pods.Keepers.All(k => (k.Capture is { Capturing: true }) == enrolled), $"captured is {enrolled}");
    }

    private static async Task<(Socket From, Socket To)> MeetAsync(Pod client, Pod server, TcpEndpoint app)
    {
        Socket from = await client.ConnectAsync(server.Address, 8080);
        await from.SayAsync("hello");
        Socket to = await app.AcceptAsync();
        await to.HearAsync("hello");
        return (from, to);
    }
}
