using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Discovery.Publishing;
using Ambient.Discovery.Subscribing;
using Ambient.Testing;

namespace Ambient.Discovery.Tests.Subscribing;

/// <summary>Client and server together over loopback TLS.</summary>
public sealed class DiscoveryClientTests
{
    private static readonly MeshUpdate Shop = new()
    {
        Workloads = [Mesh.Workload(1), Mesh.Workload(2)],
        Services = [Mesh.Service()],
        Policies = [Mesh.Policy()],
        Enrolments = [Mesh.Enrolment("a")],
        Settings = new MeshSettings { TrustDomainAliases = ["old.example"] },
    };

    private static readonly Dictionary<string, string> Nodes = new() { ["a"] = "node-1", ["b"] = "node-2" };

    [Fact]
    public async Task Connect_StateIsThere_AllOfItComesAndEachTypeIsSynced()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(Shop, Nodes);
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        Assert.Equal(2, client.Sink.Workloads.Count);
        Assert.Equal("shop/orders.shop.svc.cluster.local", Assert.Single(client.Sink.Services).Key);
        Assert.Equal(new PolicyOrigin("AuthorizationPolicy", "shop", "only-web"), client.Sink.Policies["shop/only-web"].Origin);
        Assert.True(client.Sink.Enrolments["a"].Enrolled);
        Assert.Equal(["old.example"], client.Sink.Settings!.TrustDomainAliases);
        await RunningClient.Until(() => plane.Publisher.Proxies.Count == 5 && plane.Publisher.Proxies.All(p => p.AckedVersion == p.SentVersion && p.LastNack is null));
        Assert.Equal("ztunnel~node-1/ztunnel-a", plane.Publisher.Proxies[0].NodeId);
    }

    [Fact]
    public async Task Counters_MessagesAndEnds_AreToldApart()
    {
        TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(Shop, Nodes);
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        Assert.Equal(TypeUrls.Ztunnel.Order(), client.Client.Counters.Messages.Keys.Order());
        Assert.Equal(1, client.Client.Counters.Messages[TypeUrls.Address].Count);
        Assert.InRange(client.Client.Counters.Messages[TypeUrls.Address].Bytes, 100, 100_000);
        Assert.Empty(client.Client.Counters.Terminations);
        await plane.DisposeAsync();
        await RunningClient.Until(() => client.Client.Counters.Terminations.ContainsKey(StreamEnd.ConnectionError));
        Assert.Equal([StreamEnd.ConnectionError, StreamEnd.Reconnect], client.Client.Counters.Terminations.Keys.Order());
        Assert.Equal(1, client.Client.Counters.Terminations[StreamEnd.Reconnect]);
    }

    [Fact]
    public async Task Connect_NothingThereYet_IsSyncedAllTheSame()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        Assert.Empty(client.Sink.Updates);
    }

    [Fact]
    public async Task Publish_OneOfManyChanges_OnlyThatOneIsSent()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(Shop, Nodes);
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        client.Sink.Updates.Clear();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1), Mesh.Workload(2, "v2")] });
        await RunningClient.Until(() => !client.Sink.Updates.IsEmpty);
        Assert.Equal("v2", Assert.Single(Assert.Single(client.Sink.Updates).Workloads).CanonicalRevision);
    }

    [Fact]
    public async Task Publish_NothingReallyChanges_NothingIsSent()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(Shop, Nodes);
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        client.Sink.Updates.Clear();
        plane.Publisher.Publish(Shop, Nodes);
        plane.Publisher.Publish(new MeshUpdate { Services = [Mesh.Service("web", "10.96.0.11")] });
        await RunningClient.Until(() => client.Sink.Services.Count == 2);
        Assert.Single(client.Sink.Updates);
        Assert.Equal(2, plane.Publisher.Version);
    }

    [Fact]
    public async Task Publish_Removals_AreTakenOutOfTheirTables()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(Shop, Nodes);
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        client.Sink.Updates.Clear();
        plane.Publisher.Publish(new MeshUpdate
        {
            RemovedWorkloads = [Mesh.Workload(1).Uid],
            RemovedServices = [Mesh.Service().Key],
            RemovedPolicies = ["shop/only-web"],
            RemovedEnrolments = ["a"],
        });
        await RunningClient.Until(() => client.Sink.Enrolments.IsEmpty && client.Sink.Policies.IsEmpty && client.Sink.Services.IsEmpty);
        Assert.Equal(Mesh.Workload(2).Uid, Assert.Single(client.Sink.Workloads).Key);
        MeshUpdate addresses = Assert.Single(client.Sink.Updates, update => !update.RemovedWorkloads.IsEmpty);
        Assert.Single(addresses.RemovedWorkloads);
        Assert.Single(addresses.RemovedServices);
    }

    [Fact]
    public async Task Publish_OneBadResource_GoodOnesApplyAndTheBadIsReported()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        MeshService bad = Mesh.Service("bad", "10.96.0.66") with { Ports = [new ServicePort(70_000, 80)] };
        plane.Publisher.Publish(Shop with { Services = [Mesh.Service(), bad] }, Nodes);
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => plane.Status(TypeUrls.Address)?.LastNack is not null);
        Assert.Equal("shop/bad.shop.svc.cluster.local: ports[0].service_port: 70000 is not a port, 1 to 65535", plane.Status(TypeUrls.Address)!.LastNack);
        Assert.Equal(2, client.Sink.Workloads.Count);
        Assert.Single(client.Sink.Services);

        plane.Publisher.Publish(new MeshUpdate { Services = [bad with { Ports = [new ServicePort(80, 80)] }] });
        await RunningClient.Until(() => plane.Status(TypeUrls.Address)?.LastNack is null);
        Assert.Equal(2, client.Sink.Services.Count);
    }

    [Fact]
    public async Task Publish_SinkRefuses_ServerLearnsWhy()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        await using var client = new RunningClient(plane.Options());
        client.Sink.Judge = update => [.. update.Workloads.Where(w => w.Name == "orders-2").Select(w => new Rejection(w.Uid, "duplicate address"))];
        plane.Publisher.Publish(Shop, Nodes);
        await RunningClient.Until(() => plane.Status(TypeUrls.Address)?.LastNack is not null);
        Assert.Equal("Kubernetes//Pod/shop/orders-2: duplicate address", plane.Status(TypeUrls.Address)!.LastNack);
        Assert.Single(client.Sink.Workloads);
    }

    [Fact]
    public async Task Publish_BadNewPolicy_AStandInClosesWhatItWouldHaveClosed()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        AuthorizationPolicy deny = Mesh.Policy("deny") with { Action = PolicyAction.Deny, Rules = [new([new([new()])])] };
        plane.Publisher.Publish(new MeshUpdate { Policies = [deny] });
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.Policies.ContainsKey("shop/deny"));
        Assert.Empty(Assert.Single(client.Sink.Policies["shop/deny"].Rules).Clauses);
        plane.Publisher.Publish(new MeshUpdate { RemovedPolicies = ["shop/deny"] });
        await RunningClient.Until(() => client.Sink.Policies.IsEmpty);
    }

    [Fact]
    public async Task Publish_BadNewVersionOfAPolicy_TheOldOneStays()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(Shop, Nodes);
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        plane.Publisher.Publish(new MeshUpdate { Policies = [Mesh.Policy() with { Rules = [new([new([new()])])] }] });
        await RunningClient.Until(() => plane.Status(TypeUrls.Authorization)?.LastNack is not null);
        Assert.Single(client.Sink.Policies["shop/only-web"].Rules[0].Clauses[0].Matches[0].Principals);
    }

    [Fact]
    public async Task Reconnect_AnotherReplica_OnlyDifferencesComeAndTheGoneIsRemoved()
    {
        var ca = new TestCa();
        TestControlPlane first = await TestControlPlane.StartAsync(ca: ca);
        first.Publisher.Publish(Shop, Nodes);
        DiscoveryClientOptions options = first.Options() with { RootCertificatesPath = await KeepAsync(first.RootsPath) };
        await using var client = new RunningClient(options);
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        int port = first.Port;
        await first.DisposeAsync();
        await RunningClient.Until(() => !client.Client.Connected);
        Assert.Equal(2, client.Sink.Workloads.Count);
        client.Sink.Updates.Clear();

        var publisher = new MeshPublisher(TimeProvider.System);
        publisher.Publish(Shop with { Workloads = [Mesh.Workload(1), Mesh.Workload(3)], Policies = [] }, Nodes);
        await using TestControlPlane second = await TestControlPlane.StartAsync(publisher, ca, port);
        await RunningClient.Until(() => client.Sink.Policies.IsEmpty && client.Sink.Workloads.ContainsKey(Mesh.Workload(3).Uid));
        Assert.False(client.Sink.Workloads.ContainsKey(Mesh.Workload(2).Uid));
        Assert.True(client.Sink.Workloads.ContainsKey(Mesh.Workload(1).Uid));
        Assert.Equal(1, client.Sink.Updates.Sum(u => u.Workloads.Length));
        Assert.Equal(0, client.Sink.Updates.Sum(u => u.Services.Length));
        Assert.Equal(5, client.Sink.SyncedTypes.Count);
        File.Delete(options.RootCertificatesPath!);
    }

    [Fact]
    public async Task Reconnect_AfterARefusal_TheRefusedIsSentAgain()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using TestControlPlane plane = await TestControlPlane.StartAsync(new MeshPublisher(time));
        await using var client = new RunningClient(plane.Options());
        bool refuse = true;
        client.Sink.Judge = update => refuse ? [.. update.Workloads.Select(w => new Rejection(w.Uid, "not now"))] : [];
        plane.Publisher.Publish(Shop, Nodes);
        await RunningClient.Until(() => plane.Status(TypeUrls.Address)?.LastNack is not null);
        refuse = false;
        time.Advance(TimeSpan.FromMinutes(40));
        await RunningClient.Until(() => client.Sink.Workloads.Count == 2);
        await RunningClient.Until(() => plane.Status(TypeUrls.Address) is { LastNack: null, AckedVersion: not "" });
    }

    [Fact]
    public async Task Reconnect_RefusedPolicyIsGoneMeanwhile_ItsStandInGoesToo()
    {
        var ca = new TestCa();
        TestControlPlane first = await TestControlPlane.StartAsync(ca: ca);
        first.Publisher.Publish(new MeshUpdate { Policies = [Mesh.Policy("broken") with { Rules = [new([new([new()])])] }] });
        DiscoveryClientOptions options = first.Options() with { RootCertificatesPath = await KeepAsync(first.RootsPath) };
        await using var client = new RunningClient(options);
        await RunningClient.Until(() => client.Sink.Policies.ContainsKey("shop/broken"));
        int port = first.Port;
        await first.DisposeAsync();
        await using TestControlPlane second = await TestControlPlane.StartAsync(null, ca, port);
        await RunningClient.Until(() => client.Sink.Policies.IsEmpty);
        File.Delete(options.RootCertificatesPath!);
    }

    [Fact]
    public async Task Connect_TwoNodes_EachGetsItsOwnEnrolmentsOnly()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Enrolments = [Mesh.Enrolment("a"), Mesh.Enrolment("b")] }, Nodes);
        await using var one = new RunningClient(plane.Options("node-1/z1"));
        await using var two = new RunningClient(plane.Options("node-2/z2"));
        await RunningClient.Until(() => one.Sink.SyncedTypes.Count == 5 && two.Sink.SyncedTypes.Count == 5);
        Assert.Equal("a", Assert.Single(one.Sink.Enrolments).Key);
        Assert.Equal("b", Assert.Single(two.Sink.Enrolments).Key);
        one.Sink.Updates.Clear();
        plane.Publisher.Publish(new MeshUpdate { Enrolments = [Mesh.Enrolment("b", enrolled: false)] }, Nodes);
        await RunningClient.Until(() => !two.Sink.Enrolments["b"].Enrolled);
        plane.Publisher.Publish(new MeshUpdate { Enrolments = [Mesh.Enrolment("a", enrolled: false)] }, Nodes);
        await RunningClient.Until(() => !one.Sink.Enrolments["a"].Enrolled);
        Assert.Single(one.Sink.Updates);
    }

    [Fact]
    public async Task Connect_CallerWithoutNode_GetsNoEnrolments()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Enrolments = [Mesh.Enrolment("a")] }, new Dictionary<string, string> { ["a"] = "" });
        await using var client = new RunningClient(plane.Options("/waypoint"));
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        Assert.Empty(client.Sink.Enrolments);
    }

    [Fact]
    public async Task Connect_TokenAndRootsChangeOnDisk_AreReadAgain()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(Shop, Nodes);
        string roots = Path.GetTempFileName();
        await File.WriteAllTextAsync(roots, new TestCa().Authority.RootsPem, TestContext.Current.CancellationToken);
        string token = "rotten";
        int asked = 0;
        await using var client = new RunningClient(plane.Options() with
        {
            RootCertificatesPath = roots,
            Token = () =>
            {
                Interlocked.Increment(ref asked);
                return Volatile.Read(ref token);
            },
        });
        await RunningClient.Until(() => asked > 2);
        Assert.Empty(plane.Publisher.Proxies);
        await File.WriteAllTextAsync(roots, plane.Ca.Authority.RootsPem, TestContext.Current.CancellationToken);
        int then = asked;
        await RunningClient.Until(() => asked > then + 2);
        Assert.False(client.Client.Connected);
        Volatile.Write(ref token, "node-1/ztunnel-a");
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        Assert.True(client.Client.Connected);
        File.Delete(roots);
    }

    [Fact]
    public async Task Connect_TenThousandWorkloads_ComeInOneResponse()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [.. Enumerable.Range(1, 10_000).Select(i => Mesh.Workload(i))] });
        await using var client = new RunningClient(plane.Options());
        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);
        Assert.Equal(10_000, client.Sink.Workloads.Count);
        Assert.Equal(10_000, Assert.Single(client.Sink.Updates).Workloads.Length);
        client.Sink.Updates.Clear();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(5000, "v2")], RemovedWorkloads = [Mesh.Workload(7).Uid] });
        await RunningClient.Until(() => !client.Sink.Updates.IsEmpty);
        Assert.Single(client.Sink.Updates.Single().Workloads);
        Assert.Equal(9_999, client.Sink.Workloads.Count);
    }

    [Fact]
    public async Task Connect_StateBeyondAMessage_ComesInSeveral()
    {
        var publisher = new MeshPublisher(TimeProvider.System, new DiscoveryServerOptions { MaxResponseBytes = 2000 });
        await using TestControlPlane plane = await TestControlPlane.StartAsync(publisher);
        publisher.Publish(new MeshUpdate { Workloads = [.. Enumerable.Range(1, 100).Select(i => Mesh.Workload(i))] });
        await using var client = new RunningClient(plane.Options() with { MaxMessageBytes = 4000 });
        await RunningClient.Until(() => client.Sink.Workloads.Count == 100);
        Assert.True(client.Sink.Updates.Count > 5);
    }

    [Fact]
    public void Client_PlainHttp_IsRefused()
    {
        var options = new CertificateClientOptions { Address = new Uri("http://127.0.0.1:1"), Token = () => "t" };
        Assert.Throws<ArgumentException>(() => new Ambient.Discovery.Grpc.GrpcChannel(options));
    }

    private static async Task<string> KeepAsync(string path)
    {
        string copy = Path.GetTempFileName();
        await File.WriteAllTextAsync(copy, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        return copy;
    }
}
