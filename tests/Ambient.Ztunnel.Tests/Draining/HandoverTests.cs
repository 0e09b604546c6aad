using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Draining;

/// <summary>The real program, twice.</summary>
public sealed class HandoverTests(PodNetwork network)
{
    [Fact]
    public async Task Upgrade_under_load_fails_no_new_connection_and_keeps_established_ones()
    {
        await using var mesh = new TestMesh(network);
        Pod client = mesh.Pod(), server = mesh.Pod();
        foreach (Pod pod in (Pod[])[client, server])
        {
            mesh.Add(TestMesh.WorkloadOf(pod, pod.Name));
            mesh.Add(TestMesh.EnrolmentOf(pod, pod.Name, true));
        }

        await mesh.PublishAsync();
        ZtunnelConfig config = mesh.Config(0);
        using var older = new ZtunnelProcess(config);
        await older.ReadyAsync();
        await CniCall.AddAsync(config.CniSocket, client);
        await CniCall.AddAsync(config.CniSocket, server);
        using TcpEndpoint app = server.Listen(8080);
        using Socket from = await client.ConnectAsync(server.Address, 8080);
        await from.SayAsync("before");
        using Socket to = await app.AcceptAsync();
        await to.HearAsync("before");
        using var stop = new CancellationTokenSource();
        Task<int> echo = EchoAsync(app, stop.Token);
        Task<int> load = LoadAsync(client, server, stop.Token);

        using var newer = new ZtunnelProcess(config with { AdminPort = config.AdminPort + 500, MetricsPort = config.MetricsPort + 500, ReadinessPort = config.ReadinessPort + 500 });
        await newer.ReadyAsync();
        await SocketWords.ExchangeAsync(from, to);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await SocketWords.ExchangeAsync(from, to);
        from.Dispose();
        await to.HearEndAsync();
        older.Terminate();
        await older.EndedAsync();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        int served = await load;

        Assert.True(served > 20, $"{served} connections\n{older.Output}\n{newer.Output}");
        Assert.Contains("taken over from an older process", newer.Output);
        await echo;
    }

    [Fact]
    public async Task Process_told_to_end_before_its_successor_starts_loses_no_connection()
    {
        await using var mesh = new TestMesh(network);
        Pod client = mesh.Pod(), server = mesh.Pod();
        foreach (Pod pod in (Pod[])[client, server])
        {
            mesh.Add(TestMesh.WorkloadOf(pod, pod.Name));
            mesh.Add(TestMesh.EnrolmentOf(pod, pod.Name, true));
        }

        await mesh.PublishAsync();
        ZtunnelConfig config = mesh.Config(9) with { SuccessorTime = TimeSpan.FromSeconds(60) };
        using var older = new ZtunnelProcess(config);
        await older.ReadyAsync();
        await CniCall.AddAsync(config.CniSocket, client);
        await CniCall.AddAsync(config.CniSocket, server);
        using TcpEndpoint app = server.Listen(8080);
        using var stop = new CancellationTokenSource();
        Task<int> echo = EchoAsync(app, stop.Token);
        Task<int> load = LoadAsync(client, server, stop.Token);

        older.Terminate();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        using var newer = new ZtunnelProcess(config with { AdminPort = config.AdminPort + 500, MetricsPort = config.MetricsPort + 500, ReadinessPort = config.ReadinessPort + 500 });
        await newer.ReadyAsync();
        await older.EndedAsync();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        int served;
        try
        {
            served = await load;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Assert.Fail($"{e.Message}\n--- older\n{older.Output}\n--- newer\n{newer.Output}");
            throw;
        }

        Assert.True(served > 20, $"{served} connections\n{older.Output}\n{newer.Output}");
        Assert.Contains("taken over from an older process", newer.Output);
        await echo;
    }

    [Fact]
    public async Task Process_that_is_killed_and_started_again_captures_from_disk()
    {
        await using var mesh = new TestMesh(network);
        Pod client = mesh.Pod(), server = mesh.Pod();
        foreach (Pod pod in (Pod[])[client, server])
        {
            mesh.Add(TestMesh.WorkloadOf(pod, pod.Name));
            mesh.Add(TestMesh.EnrolmentOf(pod, pod.Name, true));
        }

        await mesh.PublishAsync();
        ZtunnelConfig config = mesh.Config(0);
        using (var first = new ZtunnelProcess(config))
        {
            await first.ReadyAsync();
            await CniCall.AddAsync(config.CniSocket, client);
            await CniCall.AddAsync(config.CniSocket, server);
        }

        using var second = new ZtunnelProcess(config);
        await second.ReadyAsync();
        using TcpEndpoint app = server.Listen(8080);
        using Socket from = await client.ConnectAsync(server.Address, 8080);
        await from.SayAsync("again");
        using Socket to = await app.AcceptAsync();
        await to.HearAsync("again");

        JsonNode dump = JsonNode.Parse(await second.GetAsync("/config_dump"))!;
        JsonNode state = dump["workloadState"]![TestMesh.UidOf(client)]!;
        Assert.Equal("Up", (string?)state["state"]);
        Assert.Equal("HBONE", (string?)state["connections"]!["outbound"]![0]!["protocol"]);
        Assert.Equal(2, dump["certificates"]!.AsArray().Count);
        Assert.Contains("istio_tcp_connections_opened_total{reporter=\"source\"", await second.GetAsync("/metrics"));
        long resident = long.Parse(File.ReadLines($"/proc/{second.Id}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"resident: {resident} kB");
    }

    private static async Task<int> EchoAsync(TcpEndpoint app, CancellationToken stop)
    {
        int served = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using Socket socket = await app.AcceptAsync();
                await socket.HearAsync("ping");
                await socket.SayAsync("pong");
                served++;
            }
            catch (Xunit.Sdk.TrueException)
            {
                // It ended without a word: a stream that was opened and taken elsewhere. The client's own end says whether it lost anything.
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return served;
    }

    private static async Task<int> LoadAsync(Pod client, Pod server, CancellationToken stop)
    {
        int served = 0;
        while (!stop.IsCancellationRequested)
        {
            using Socket socket = await client.ConnectAsync(server.Address, 8080);
            await socket.SayAsync("ping");
            await socket.HearAsync("pong");
            served++;
        }

        return served;
    }
}
