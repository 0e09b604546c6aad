using Ambient.Core;
using Ambient.Discovery.Grpc;
using Ambient.Discovery.Publishing;
using Ambient.Discovery.Tests.Subscribing;
using Ambient.Testing;
using Envoy.Service.Discovery.V3;

namespace Ambient.Discovery.Tests.Publishing;

/// <summary>The server, by a client that speaks the protocol word by word.</summary>
public sealed class MeshPublisherTests
{
    private static readonly string Orders = Mesh.Service().Key;

    [Fact]
    public async Task SlowClient_ManyChangesBeforeItsAnswer_GetsTheNewestOnce()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        using var stream = new RawStream(plane.Options());
        await stream.SubscribeAsync(TypeUrls.Address);
        DeltaDiscoveryResponse first = await stream.NextAsync();
        for (int i = 0; i < 200; i++)
        {
            plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1, $"r{i}"), Mesh.Workload(2)] });
        }

        plane.Publisher.Publish(new MeshUpdate { RemovedWorkloads = [Mesh.Workload(2).Uid] });
        await stream.AckAsync(first);
        DeltaDiscoveryResponse second = await stream.NextAndAckAsync();
        Resource only = Assert.Single(second.Resources);
        Assert.Equal("r199", Istio.Workload.Address.Parser.ParseFrom(only.Resource_.Value).Workload.CanonicalRevision);
        Assert.Equal(Mesh.Workload(2).Uid, Assert.Single(second.RemovedResources));
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(3)] });
        Assert.Equal(Mesh.Workload(3).Uid, Assert.Single((await stream.NextAsync()).Resources).Name);
    }

    [Fact]
    public async Task Answer_ToAnOlderResponse_IsNotTakenForTheNewest()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        using var stream = new RawStream(plane.Options());
        await stream.SubscribeAsync(TypeUrls.Address);
        DeltaDiscoveryResponse first = await stream.NextAndAckAsync();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1)] });
        DeltaDiscoveryResponse second = await stream.NextAsync();
        await stream.AckAsync(first);
        Assert.NotEqual(plane.Status(TypeUrls.Address)!.SentVersion, plane.Status(TypeUrls.Address)!.AckedVersion);
        await stream.AckAsync(second);
        await RunningClient.Until(() => plane.Status(TypeUrls.Address)!.AckedVersion == "1");
    }

    [Fact]
    public async Task Policies_AndWorkloadsTogether_PoliciesGoFirst()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        using var stream = new RawStream(plane.Options());
        await stream.SubscribeAsync(TypeUrls.Address);
        await stream.SubscribeAsync(TypeUrls.Authorization);
        await stream.NextAndAckAsync();
        await stream.NextAndAckAsync();
        await RunningClient.Until(() => plane.Publisher.Proxies.All(p => p.AckedVersion == p.SentVersion && p.AckedVersion.Length > 0));
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1)], Policies = [Mesh.Policy()] });
        Assert.Equal(TypeUrls.Authorization, (await stream.NextAsync()).TypeUrl);
        Assert.Equal(TypeUrls.Address, (await stream.NextAsync()).TypeUrl);
    }

    [Fact]
    public async Task OnDemand_WithStarTakenBack_OnlyWhatIsAskedForComes()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1), Mesh.Workload(2)], Services = [Mesh.Service("web", "10.96.0.77")] });
        using RawStream stream = await OnDemandAsync(plane);

        await AskAsync(stream, "/10.0.0.2");
        DeltaDiscoveryResponse byAddress = await stream.NextAndAckAsync();
        Assert.Equal(Mesh.Workload(2).Uid, Assert.Single(byAddress.Resources).Name);
        Assert.Equal("/10.0.0.2", Assert.Single(byAddress.Resources[0].Aliases));

        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1, "v9")] });
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(2, "v9")] });
        Assert.Equal(Mesh.Workload(2).Uid, Assert.Single((await stream.NextAndAckAsync()).Resources).Name);
    }

    [Fact]
    public async Task OnDemand_NameThatNobodyHas_IsAnsweredAsRemovedAndComesWhenItAppears()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        using RawStream stream = await OnDemandAsync(plane);
        await AskAsync(stream, "/10.0.0.1");
        Assert.Equal("/10.0.0.1", Assert.Single((await stream.NextAndAckAsync()).RemovedResources));
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1)] });
        Assert.Equal(Mesh.Workload(1).Uid, Assert.Single((await stream.NextAndAckAsync()).Resources).Name);
    }

    [Theory]
    [InlineData("/10.96.0.10")]
    [InlineData("shop/orders.shop.svc.cluster.local")]
    public async Task OnDemand_Service_BringsItsWorkloadsNowAndLater(string key)
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1)], Services = [Mesh.Service()] });
        using RawStream stream = await OnDemandAsync(plane);
        await AskAsync(stream, key);
        Assert.Equal([Mesh.Workload(1).Uid, Orders], (await stream.NextAndAckAsync()).Resources.Select(r => r.Name).Order());
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(2)] });
        Assert.Equal(Mesh.Workload(2).Uid, Assert.Single((await stream.NextAndAckAsync()).Resources).Name);
        plane.Publisher.Publish(new MeshUpdate { RemovedWorkloads = [Mesh.Workload(1).Uid] });
        Assert.Equal(Mesh.Workload(1).Uid, Assert.Single((await stream.NextAndAckAsync()).RemovedResources));
    }

    [Fact]
    public async Task OnDemand_Unsubscribed_NoLongerFollowed()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1), Mesh.Workload(2)] });
        using RawStream stream = await OnDemandAsync(plane);
        await AskAsync(stream, Mesh.Workload(1).Uid, Mesh.Workload(2).Uid);
        await stream.NextAndAckAsync();
        await stream.SendAsync(new DeltaDiscoveryRequest { TypeUrl = TypeUrls.Address, ResourceNamesUnsubscribe = { Mesh.Workload(1).Uid, "/10.0.0.1" } });
        await AskAsync(stream, "/10.9.9.9");
        await stream.NextAndAckAsync();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1, "x"), Mesh.Workload(2, "x")] });
        Assert.Equal(Mesh.Workload(2).Uid, Assert.Single((await stream.NextAsync()).Resources).Name);
    }

    [Fact]
    public async Task InitialVersions_SameAndOther_OnlyTheOtherComesAndTheGoneIsRemoved()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Workloads = [Mesh.Workload(1), Mesh.Workload(2)] });
        using var before = new RawStream(plane.Options());
        await before.SubscribeAsync(TypeUrls.Address);
        Dictionary<string, string> versions = (await before.NextAsync()).Resources.ToDictionary(r => r.Name, r => r.Version);

        using var after = new RawStream(plane.Options());
        await after.SendAsync(new DeltaDiscoveryRequest
        {
            TypeUrl = TypeUrls.Address,
            InitialResourceVersions = { [Mesh.Workload(1).Uid] = versions[Mesh.Workload(1).Uid], [Mesh.Workload(2).Uid] = "other", ["gone"] = "1" },
        });
        DeltaDiscoveryResponse response = await after.NextAsync();
        Assert.Equal(Mesh.Workload(2).Uid, Assert.Single(response.Resources).Name);
        Assert.Equal("gone", Assert.Single(response.RemovedResources));
    }

    [Fact]
    public async Task UnknownType_Subscribed_IsAnsweredWithNothing()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        using var stream = new RawStream(plane.Options());
        await stream.SubscribeAsync("type.googleapis.com/some.Other");
        DeltaDiscoveryResponse response = await stream.NextAsync();
        Assert.Equal("type.googleapis.com/some.Other", response.TypeUrl);
        Assert.Empty(response.Resources);
    }

    [Theory]
    [InlineData("not-a-caller")]
    [InlineData("")]
    public async Task Caller_WithoutValidToken_IsUnauthenticated(string token)
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        using var stream = new RawStream(plane.Options() with { Token = () => token });
        Assert.Equal(GrpcStatus.Unauthenticated, (await Assert.ThrowsAsync<GrpcException>(stream.NextAsync)).Status);
        Assert.Empty(plane.Publisher.Proxies);
    }

    [Fact]
    public async Task Stream_HalfClosedByTheProxy_EndsWell()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        using var stream = new RawStream(plane.Options());
        await stream.SubscribeAsync(TypeUrls.Address);
        await stream.NextAsync();
        stream.HalfClose();
        await Assert.ThrowsAsync<EndOfStreamException>(stream.NextAsync);
        await RunningClient.Until(() => plane.Publisher.Proxies.Count == 0);
    }

    [Fact]
    public async Task Stream_PastItsAge_EndsWell()
    {
        var time = new ManualTime();
        await using TestControlPlane plane = await TestControlPlane.StartAsync(new MeshPublisher(time));
        using var stream = new RawStream(plane.Options());
        await stream.SubscribeAsync(TypeUrls.Address);
        await stream.NextAsync();
        time.Advance(TimeSpan.FromMinutes(34));
        await Assert.ThrowsAsync<EndOfStreamException>(stream.NextAsync);
    }

    [Fact]
    public async Task Streams_BeyondTheBound_AreRefused()
    {
        var publisher = new MeshPublisher(TimeProvider.System, new DiscoveryServerOptions { MaxStreams = 1 });
        await using TestControlPlane plane = await TestControlPlane.StartAsync(publisher);
        using var first = new RawStream(plane.Options());
        await first.SubscribeAsync(TypeUrls.Address);
        await first.NextAsync();
        using var second = new RawStream(plane.Options());
        Assert.Equal(GrpcStatus.ResourceExhausted, (await Assert.ThrowsAsync<GrpcException>(second.NextAsync)).Status);
    }

    [Fact]
    public async Task Names_BeyondTheBound_EndTheStream()
    {
        var publisher = new MeshPublisher(TimeProvider.System, new DiscoveryServerOptions { MaxNames = 10 });
        await using TestControlPlane plane = await TestControlPlane.StartAsync(publisher);
        using RawStream stream = await OnDemandAsync(plane);
        await AskAsync(stream, [.. Enumerable.Range(0, 11).Select(i => $"/10.0.0.{i}")]);
        GrpcException end = await Assert.ThrowsAsync<GrpcException>(async () => { while (true) { await stream.NextAsync(); } });
        Assert.Equal(GrpcStatus.ResourceExhausted, end.Status);
    }

    [Fact]
    public void Publish_EnrolmentWithoutNode_Throws() => Assert.Throws<ArgumentException>(
        () => new MeshPublisher(TimeProvider.System).Publish(new MeshUpdate { Enrolments = [Mesh.Enrolment("a")] }));

    private static async Task<RawStream> OnDemandAsync(TestControlPlane plane)
    {
        var stream = new RawStream(plane.Options());
        await stream.SendAsync(new DeltaDiscoveryRequest
        {
            TypeUrl = TypeUrls.Address,
            ResourceNamesSubscribe = { "*" },
            ResourceNamesUnsubscribe = { "*" },
        });
        DeltaDiscoveryResponse first = await stream.NextAndAckAsync();
        Assert.Empty(first.Resources);
        return stream;
    }

    private static Task AskAsync(RawStream stream, params string[] names) =>
        stream.SendAsync(new DeltaDiscoveryRequest { TypeUrl = TypeUrls.Address, ResourceNamesSubscribe = { names } });
}
