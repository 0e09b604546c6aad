using System.Net.Sockets;
using Ambient.Proxy.Mesh;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.DataPath;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Restarting;

/// <summary>A proxy that starts while nobody answers at the operator's address.</summary>
public sealed class OperatorAwayTests(PodNetwork network)
{
    [Fact]
    public async Task Killed_and_started_again_enforces_kept_policies_with_kept_certificates()
    {
        await using var mesh = new TestMesh(network);
        Pod client = Enrol(mesh, "client"), server = Enrol(mesh, "server", Policies.WithStrict), outside = mesh.Pod();
        mesh.Add(Policies.Strict);
        mesh.Add(Policies.DenyPort(9090));
        await mesh.PublishAsync();
        ZtunnelConfig config = mesh.Config(0) with { CertificateFile = InMemory() };
        using (var first = new ZtunnelProcess(config))
        {
            await first.ReadyAsync();
            await CniCall.AddAsync(config.CniSocket, client);
            await CniCall.AddAsync(config.CniSocket, server);
            await KeptAsync(mesh, config);
            await mesh.UntilAsync(() => File.Exists(config.CertificateFile) && CountOf(config.CertificateFile, "PRIVATE KEY") == 4, "both keys are kept");
            Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(config.CertificateFile), 8));
        }

        using var second = new ZtunnelProcess(Away(config));
        await second.ReadyAsync();
        using TcpEndpoint app = server.Listen(8080), denied = server.Listen(9090);
        using Socket meshed = await client.ConnectAsync(server.Address, 8080);
        await meshed.SayAsync("still here");
        using Socket served = await app.AcceptAsync();
        await served.HearAsync("still here");
        await client.IsResetAsync(server.Address, 9090);
        await outside.IsResetAsync(server.Address, 8080);

        Assert.True(await denied.StaysQuietAsync());
        Assert.Contains("\"protocol\": \"HBONE\"", await second.GetAsync("/config_dump"));
        Assert.Contains("policy=shop/deny-port", second.Output);
        Assert.Contains("policy=ambient-system/strict", second.Output);
    }

    [Fact]
    public async Task Without_kept_certificates_plaintext_goes_by_policy_and_the_mesh_is_refused()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode first = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(first, "client"), server = await mesh.PodAsync(first, "server"), outside = mesh.Pod();
        mesh.Add(Policies.DenyPort(9090));
        await mesh.PublishAsync();
        ZtunnelConfig config = first.Parts.Context.Config;
        await first.DisposeAsync();

        ZtunnelNode second = await mesh.NodeAsync(_ => Away(config));
        await mesh.UntilAsync(() => second.Parts.Pods.Keepers.Count(k => k.Capture is { Capturing: true }) == 2, "the pods are captured again");
        using TcpEndpoint app = server.Listen(8080), denied = server.Listen(9090), elsewhere = outside.Listen(80);
        using Socket plain = await outside.ConnectAsync(server.Address, 8080);
        using Socket served = await app.AcceptAsync();
        await SocketWords.ExchangeAsync(plain, served);
        using Socket leaving = await client.ConnectAsync(outside.Address, 80);
        using Socket left = await elsewhere.AcceptAsync();
        await SocketWords.ExchangeAsync(leaving, left);

        await outside.IsResetAsync(server.Address, 9090);
        await client.IsResetAsync(server.Address, 8080);
        Assert.True(await denied.StaysQuietAsync());
    }

    [Fact]
    public async Task State_that_was_changed_is_not_believed_and_captured_pods_stay_refused()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode first = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(first, "client"), outside = mesh.Pod();
        ZtunnelConfig config = first.Parts.Context.Config;
        await first.DisposeAsync();
        string file = Path.Combine(config.StateDirectory, "mesh.state");
        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        using TcpEndpoint app = outside.Listen(80);

        ZtunnelNode second = await mesh.NodeAsync(_ => Away(config));

        Assert.False(second.Parts.Context.Mesh.IsReady);
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(outside.Address, 80));
        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
        Assert.True(await app.StaysQuietAsync());
        Assert.Contains("it was cut off or changed", mesh.Log);
    }

    [Fact]
    public async Task Operator_that_returns_drops_what_it_does_not_confirm()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode first = await mesh.NodeAsync();
        await mesh.PodAsync(first, "client");
        Pod gone = await mesh.PodAsync(first, "gone");
        mesh.Add(Policies.DenyPort(9090));
        await mesh.PublishAsync();
        string state = first.Parts.Context.Config.StateDirectory;
        await first.DisposeAsync();
        mesh.Remove(TestMesh.WorkloadUidOf(gone));
        mesh.Remove("shop/deny-port");

        ZtunnelNode second = await mesh.NodeAsync(c => c with { StateDirectory = state });

        await mesh.UntilAsync(() => second.Parts.Context.Mesh.IsLive, "the source is heard");
        Assert.Single(second.Parts.Context.Mesh.Current.Workloads);
        Assert.Empty(second.Parts.Context.Mesh.Current.Policies);
    }

    // Memory-backed in the namespaces that these tests run in.
    private static string InMemory() => $"/run/ambient-{Guid.NewGuid():N}/svids.json";

    private static ZtunnelConfig Away(ZtunnelConfig config) => config with
    {
        LocalConfig = null,
        LocalCa = null,
        XdsAddress = new Uri("https://127.0.0.1:1"),
    };

    private static Pod Enrol(TestMesh mesh, string name, Func<Core.Workloads.Workload, Core.Workloads.Workload>? with = null)
    {
        Pod pod = mesh.Pod();
        mesh.Add(with?.Invoke(TestMesh.WorkloadOf(pod, name)) ?? TestMesh.WorkloadOf(pod, name));
        mesh.Add(TestMesh.EnrolmentOf(pod, name, true));
        return pod;
    }

    private static Task KeptAsync(TestMesh mesh, ZtunnelConfig config) => mesh.UntilAsync(
        () => MeshStateFile.Read(Path.Combine(config.StateDirectory, "mesh.state")) is { Update.Policies.Length: 2 }, "the mesh is on disk");

    private static int CountOf(string path, string words) => File.ReadAllText(path).Split(words).Length - 1;
}
