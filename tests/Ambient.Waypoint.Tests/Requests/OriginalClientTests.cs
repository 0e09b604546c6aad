using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;

namespace Ambient.Waypoint.Tests.Requests;

/// <summary>Whose word counts on where a request came from; the connection itself comes from 10.0.0.9.</summary>
public sealed class OriginalClientTests : IAsyncDisposable
{
    private readonly RequestRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("203.0.113.7", "403")]
    [InlineData("198.51.100.1, 203.0.113.7", "403")]
    [InlineData("203.0.113.7, 198.51.100.1", "200")] // what the client itself had written comes first
    [InlineData("203.0.113.7, what is this", "200")]
    [InlineData("", "200")]
    public async Task Gateway_OfTheMesh_TellsInItsLastEntry(string forwarded, string expected) =>
        Assert.Equal(expected, await AskAsync("edge", forwarded));

    [Theory]
    [InlineData("client")] // a pod like any other
    [InlineData("waypoint")] // a proxy, yet what it passes on is its caller's word
    [InlineData("borrowed")] // named as a gateway that runs under another account
    public async Task Anybody_Else_IsWhereTheConnectionComesFrom(string caller)
    {
        Assert.Equal("200", await AskAsync(caller, "203.0.113.7"));
        Assert.Equal("403", await AskAsync(caller, "198.51.100.1", "10.0.0.0/8"));
    }

    [Fact]
    public async Task Gateway_OfAStrangersTrustDomain_IsNotOurs()
    {
        _rig.Connection = static c => c with { Caller = new PeerIdentity.Verified(new SpiffeId("elsewhere.example", "shop", "edge")) };

        Assert.Equal("200", await AskAsync(null, "203.0.113.7"));
    }

    [Fact]
    public async Task Nobody_Verified_IsWhereTheConnectionComesFrom()
    {
        _rig.Connection = static c => c with { Caller = PeerIdentity.Plaintext };

        Assert.Equal("200", await AskAsync(null, "203.0.113.7"));
    }

    private async Task<string> AskAsync(string? caller, string forwarded, string denied = "203.0.113.0/24")
    {
        if (caller is not null)
        {
            _rig.Connection = c => c with { Caller = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", caller)) };
        }

        if (_rig.Records.IsEmpty)
        {
            await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
            _rig.Apply(new MeshUpdate { Resources = [Proxy("edge", ProxyRole.Ingress), Proxy("waypoint", ProxyRole.Waypoint), Proxy("borrowed", ProxyRole.Ingress, "edge")] });
            await _rig.StartAsync();
        }

        _rig.Authorize(new RequestPolicy
        {
            Name = new NamespacedName("shop", "deny-net"),
            Action = RequestPolicyAction.Deny,
            Rules = [new RequestRule { From = [new RequestSource { RemoteIpBlocks = [denied] }] }],
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, RequestRig.Key)],
        });
        string answer = forwarded.Length == 0 ? await _rig.Client().AskAsync("/") : await _rig.Client().AskAsync("/", $"x-forwarded-for: {forwarded}");
        return answer.Split(' ')[0];
    }

    private static GatewayConfig Proxy(string name, ProxyRole role, string? account = null) =>
        new() { Name = new NamespacedName("shop", name), Role = role, ServiceAccount = new NamespacedName("shop", account ?? name) };
}
