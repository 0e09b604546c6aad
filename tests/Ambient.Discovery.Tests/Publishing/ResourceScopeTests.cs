using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Routes;
using Ambient.Discovery.Codec.Resources;
using Ambient.Discovery.Subscribing;
using Ambient.Discovery.Tests.Subscribing;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace Ambient.Discovery.Tests.Publishing;

/// <summary>Who gets which configuration of waypoints and gateways.</summary>
public sealed class ResourceScopeTests
{
    private const string Public = "sa/shop/public", Private = "sa/shop/private", ElsewherePublic = "sa/other/public", Secret = "Secret/tls";

    [Fact]
    public async Task Waypoint_Following_GetsResourcesAndLabels()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate
        {
            Workloads = [Mesh.Workload(1) with { Labels = Core.Workloads.Workload.NoLabels.Add("app", "orders") }],
            Resources = [new RouteTable { Host = "a" }, new BackendPolicy { Service = "shop/a" }],
            Policies = [Mesh.Policy()],
        });
        await using var client = new RunningClient(Waypoint(plane, Public));

        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 4);

        Assert.Equal(["BackendPolicy/shop/a", "RouteTable/mesh//a:0"], client.Sink.Resources.Keys.Order());
        Assert.Equal("orders", Assert.Single(client.Sink.Workloads.Values).Labels["app"]);
        Assert.Empty(client.Sink.Policies);
    }

    [Fact]
    public async Task Ztunnel_Following_GetsNoResourcesAndNoLabels()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate
        {
            Workloads = [Mesh.Workload(1) with { Labels = Core.Workloads.Workload.NoLabels.Add("app", "orders") }],
            Resources = [new RouteTable { Host = "a" }],
        });
        await using var client = new RunningClient(plane.Options());

        await RunningClient.Until(() => client.Sink.SyncedTypes.Count == 5);

        Assert.Empty(client.Sink.Resources);
        Assert.Empty(Assert.Single(client.Sink.Workloads.Values).Labels);
        Assert.DoesNotContain(plane.Publisher.Proxies, p => p.TypeUrl == TypeUrls.Resource);
    }

    [Fact]
    public async Task Resource_ForOneGateway_IsSeenByThatServiceAccountAlone()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        PublishSecret(plane, "shop/public", "key-1");
        plane.Publisher.Publish(new MeshUpdate { Resources = [new RouteTable { Host = "all" }] });

        foreach ((string token, int seen) in new[] { (Public, 2), (Private, 1), (ElsewherePublic, 1), ("node-1/ztunnel-a", 1) })
        {
            using var stream = new RawStream(plane.Options(token));
            await stream.SubscribeAsync(TypeUrls.Resource);
            DeltaDiscoveryResponse response = await stream.NextAndAckAsync();
            Assert.Equal(seen, response.Resources.Count);
            Assert.Equal(seen == 2, response.Resources.Any(r => r.Resource_.Value.ToStringUtf8().Contains("key-1", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Resource_AskedForByName_IsAnsweredAsIfItWereNotThere()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        PublishSecret(plane, "shop/public", "key-1");
        using var stream = new RawStream(plane.Options(Private));

        await stream.SendAsync(new DeltaDiscoveryRequest { TypeUrl = TypeUrls.Resource, Node = new Node { Id = "raw" }, ResourceNamesSubscribe = { Secret } });
        DeltaDiscoveryResponse response = await stream.NextAndAckAsync();

        Assert.Empty(response.Resources);
        Assert.Equal(Secret, Assert.Single(response.RemovedResources));
    }

    [Fact]
    public async Task Resource_ThatMovesToAnotherGateway_IsTakenFromTheFirst()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        PublishSecret(plane, "shop/public", "key-1");
        using var first = new RawStream(plane.Options(Public));
        using var second = new RawStream(plane.Options(Private));
        await first.SubscribeAsync(TypeUrls.Resource);
        await second.SubscribeAsync(TypeUrls.Resource);
        Assert.Single((await first.NextAndAckAsync()).Resources);
        Assert.Empty((await second.NextAndAckAsync()).Resources);

        PublishSecret(plane, "shop/private", "key-1");

        Assert.Equal(Secret, Assert.Single((await first.NextAsync()).RemovedResources));
        Assert.Single((await second.NextAsync()).Resources);
    }

    [Fact]
    public async Task Resource_ThatCannotBeRead_IsRefusedAloneAndTheLastGoodStays()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Resources = [new RouteTable { Host = "a" }, new RouteTable { Host = "b" }] });
        await using var client = new RunningClient(Waypoint(plane, Public));
        await RunningClient.Until(() => client.Sink.Resources.Count == 2);

        Raw(plane, "RouteTable/mesh//a:0", "RouteTable", """{"host":"a","invented":1}""");
        plane.Publisher.Publish(new MeshUpdate { Resources = [new RouteTable { Host = "c" }] });

        await RunningClient.Until(() => client.Sink.Resources.Count == 3 && plane.Status(TypeUrls.Resource)!.LastNack is not null);
        Assert.Contains("invented", plane.Status(TypeUrls.Resource)!.LastNack, StringComparison.Ordinal);
        Assert.Empty(((RouteTable)client.Sink.Resources["RouteTable/mesh//a:0"]).Http);
    }

    [Theory]
    [InlineData("RequestPolicy/shop/p", """{"name":"shop/p","action":"allow","targets":[{"kind":"namespace","key":"shop"}],"invented":1}""")]
    [InlineData("RequestPolicy/shop/p", "not json")]
    [InlineData("TokenPolicy/shop/p", """{"name":"shop/p","rules":[{"issuer":"a","audience":["b"]}],"targets":[{"kind":"namespace","key":"shop"}]}""")]
    [InlineData("RouteTable/mesh//a:0", """{"host":"a","http":[{"invented":1}]}""")]
    [InlineData("BackendPolicy/shop/a", """{"service":"shop/a","default":{"tls":{"mode":"postQuantum"}}}""")]
    public async Task Resource_ThatNeverCouldBeRead_IsRefusedForWhatItIsAbout(string name, string json)
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        Raw(plane, name, name[..name.IndexOf('/', StringComparison.Ordinal)], json);
        await using var client = new RunningClient(Waypoint(plane, Public));

        await RunningClient.Until(() => client.Sink.Resources.Count == 1 && plane.Status(TypeUrls.Resource)?.LastNack is not null);

        ProxyResource standIn = Assert.Single(client.Sink.Resources).Value;
        Assert.Equal(name, standIn.ResourceName.ToString());
        switch (standIn)
        {
            case RequestPolicy policy:
                Assert.Equal(RequestPolicyAction.Deny, policy.Action);
                Assert.Equal(json[0] == '{' ? RequestPolicyTargetKind.Namespace : RequestPolicyTargetKind.Mesh, Assert.Single(policy.Targets).Kind);
                Assert.Single(policy.Rules);
                break;
            case TokenPolicy tokens:
                Assert.NotNull(tokens.Refused);
                Assert.Equal(RequestPolicyTargetKind.Namespace, Assert.Single(tokens.Targets).Kind);
                break;
            case RouteTable table:
                Assert.Equal(503, Assert.IsType<RouteAction.Fail>(Assert.Single(table.Http).Action).Status);
                break;
            case BackendPolicy backend:
                Assert.NotNull(backend.Default.Tls!.Invalid);
                break;
        }

        // Once it can be read it takes effect, though the client has something under that name.
        ProxyResource good = name[0] == 'B' ? new BackendPolicy { Service = "shop/a" }
            : name.StartsWith("RouteTable", StringComparison.Ordinal) ? new RouteTable { Host = "a" }
            : name[0] == 'T' ? new TokenPolicy { Name = new("shop", "p") }
            : new RequestPolicy { Name = new("shop", "p"), Action = RequestPolicyAction.Allow };
        plane.Publisher.Publish(new MeshUpdate { Resources = [good] });
        await RunningClient.Until(() => !ReferenceEquals(client.Sink.Resources[name], standIn));
        Assert.Equal(ResourceCodec.ToProto(good), ResourceCodec.ToProto(client.Sink.Resources[name]));
    }

    [Fact]
    public async Task Publish_OneOfAThousandTables_SendsThatOne()
    {
        await using TestControlPlane plane = await TestControlPlane.StartAsync();
        plane.Publisher.Publish(new MeshUpdate { Resources = [.. Enumerable.Range(0, 1000).Select(i => new RouteTable { Host = $"h{i}" })] });
        await using var client = new RunningClient(Waypoint(plane, Public));
        await RunningClient.Until(() => client.Sink.Resources.Count == 1000);
        client.Sink.Updates.Clear();

        plane.Publisher.Publish(new MeshUpdate
        {
            Resources = [new RouteTable { Host = "h7", Port = 0, Http = [] }, new RouteTable { Host = "h8", Tcp = [new TcpRule { Origin = new("VirtualService", "n", "m", 0), Backends = [] }] }],
            RemovedResources = [new RouteTable { Host = "h9" }.ResourceName],
        });

        await RunningClient.Until(() => client.Sink.Resources.Count == 999);
        MeshUpdate only = Assert.Single(client.Sink.Updates);
        Assert.Equal("h8", Assert.IsType<RouteTable>(Assert.Single(only.Resources)).Host);
        Assert.Single(only.RemovedResources);
    }

    private static DiscoveryClientOptions Waypoint(TestControlPlane plane, string token) =>
        plane.Options(token) with { Types = TypeUrls.Waypoint, KeepLabels = true };

    /// <summary>As a newer operator would: something that this version cannot make.</summary>
    private static void Raw(TestControlPlane plane, string name, string type, string json) => plane.Publisher.PublishRaw(
        TypeUrls.Resource, name, new Ambient.Wire.V1.ProxyResource { Type = type, Content = ByteString.CopyFromUtf8(json) });

    private static void PublishSecret(TestControlPlane plane, string onlyFor, string key)
    {
        Assert.True(NamespacedName.TryParse(onlyFor, out NamespacedName account));
        plane.Publisher.PublishRaw(
            TypeUrls.Resource, Secret, new Ambient.Wire.V1.ProxyResource { Type = "Secret", Content = ByteString.CopyFromUtf8($"\"{key}\"") }, account);
    }
}
