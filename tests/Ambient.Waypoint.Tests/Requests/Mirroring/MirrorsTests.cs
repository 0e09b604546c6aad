using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Requests.Rig;

namespace Ambient.Waypoint.Tests.Requests.Mirroring;

public sealed class MirrorsTests : IAsyncDisposable
{
    private readonly RequestRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(500_000)]
    public async Task Mirrors_GetTheSameRequestWithItsBody_AndNobodyWaitsForThem(int length)
    {
        TaskCompletionSource<(string Host, byte[] Body)> mirrored = new();
        TaskCompletionSource release = new();
        MeshService shadow = _rig.Service with { Name = "shadow", Hostname = "shadow.shop", Addresses = [] };
        _rig.Apply(new MeshUpdate { Services = [shadow] });
        await _rig.EndpointAsync("a", static async http => await http.Request.Body.CopyToAsync(Stream.Null));
        await _rig.EndpointAsync("m", async http =>
        {
            MemoryStream body = new();
            await http.Request.Body.CopyToAsync(body, Stop);
            mirrored.SetResult((http.Request.Host.Value!, body.ToArray()));
            await release.Task;
        }, of: shadow);
        _rig.Route(RequestRig.ToService() with { Mirrors = [new RouteMirror(new BackendTarget("shop/shadow.shop", "shop", "shadow", 80))] });
        await _rig.StartAsync();
        byte[] sent = new byte[length];
        new Random(length).NextBytes(sent);

        using HttpResponseMessage answer = await _rig.Client().PostAsync("/", sent);
        (string host, byte[] body) = await mirrored.Task.WaitAsync(Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("orders.shop-shadow", host);
        Assert.Equal(sent, body);
        Assert.Equal(1, _rig.Pipeline.Mirrors.UnderWay);
        release.SetResult();
        await Wait.UntilAsync(() => _rig.Pipeline.Mirrors is { UnderWay: 0, Sent: 1 }, "the copy is answered");
        Assert.Equal(1, (await _rig.LastAsync()).Mirrors);
    }

    [Theory]
    [InlineData(RequestPolicyAction.Deny)]
    [InlineData(RequestPolicyAction.Allow)]
    [InlineData(RequestPolicyAction.Custom)]
    public async Task Mirrors_WhoseTargetDoesNotLetTheCallerIn_GetNothing(RequestPolicyAction action)
    {
        MeshService shadow = _rig.Service with { Name = "shadow", Hostname = "shadow.shop", Addresses = [] };
        _rig.Apply(new MeshUpdate { Services = [shadow] });
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        TestUpstream mirror = await _rig.EndpointAsync("m", static _ => Task.CompletedTask, of: shadow);
        _rig.Route(RequestRig.ToService() with { Mirrors = [new RouteMirror(new BackendTarget("shop/shadow.shop", "shop", "shadow", 80))] });
        string meant = action == RequestPolicyAction.Allow ? "boss" : "client";
        _rig.Authorize(Policy("shadow", action, new RequestRule { From = [new RequestSource { Principals = [$"cluster.local/ns/shop/sa/{meant}"] }] }) with
        {
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, "shop/shadow.shop")],
            Provider = action == RequestPolicyAction.Custom ? "opa" : "",
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        Assert.Equal("200", await client.AskAsync("/"));
        await Wait.UntilAsync(() => _rig.Pipeline.Mirrors is { UnderWay: 0, Failed: 1, Sent: 0 } or { Sent: 1 }, "the copy is decided");
        Assert.Equal((0, 0L), (mirror.Requests, _rig.Pipeline.Mirrors.Sent));

        // Whom it lets in is copied still.
        _rig.Connection = c => c with { Caller = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", "boss")) };
        Assert.Equal("200", await client.AskAsync("/"));
        await Wait.UntilAsync(() => _rig.Pipeline.Mirrors is { Sent: 1 }, "the copy is answered");
    }

    [Fact]
    public async Task Mirrors_BodyTooLong_IsLeftOutAndTheRequestIsNot()
    {
        TestUpstream mirror = await _rig.EndpointAsync("a", static async http => await http.Request.Body.CopyToAsync(Stream.Null));
        _rig.Route(RequestRig.ToService() with { Mirrors = [new RouteMirror(RequestRig.Target())] });
        await _rig.StartAsync();

        using HttpResponseMessage answer = await _rig.Client().PostAsync("/", new byte[Ambient.Waypoint.Requests.Mirroring.Mirrors.MaxBody + 1]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, _rig.Pipeline.Mirrors.LeftOut);
        Assert.Equal(1, mirror.Requests);
    }

    private static RequestPolicy Policy(string name, RequestPolicyAction action, params RequestRule[] rules) => new()
    {
        Name = new NamespacedName("shop", name),
        Action = action,
        Rules = [.. rules],
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, RequestRig.Key)],
    };
}
