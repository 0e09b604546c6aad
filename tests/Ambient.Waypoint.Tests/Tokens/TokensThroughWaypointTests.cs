using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Tokens;

/// <summary>Tokens at a real waypoint; their issuer is a service of the mesh, and its keys come through the mesh.</summary>
public sealed class TokensThroughWaypointTests : IAsyncLifetime
{
    private readonly TestMesh _mesh = new();
    private KeyServer _issuer = null!;
    private MeshService _orders = null!;
    private TestPod _client = null!;
    private TestWaypoint _waypoint = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await KeyServer.StartAsync();
        _orders = _mesh.Service("orders");
        await _mesh.Pod("orders-1", _orders).ServeAsync(http => http.Response.WriteAsync(
            $"{http.Request.QueryString} token={http.Request.Headers.Authorization} sub={http.Request.Headers["x-sub"]} cookie={http.Request.Headers.Cookie}"));
        MeshService auth = _mesh.Service("auth", gateway: null);
        await _mesh.Pod("auth-1", auth).ServeAsync(http => http.Response.WriteAsync(_issuer.Keys));
        _client = _mesh.Pod("client");
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                new TokenPolicy
                {
                    Name = new NamespacedName("shop", "tokens"),
                    Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, "shop")],
                    Rules = [new TokenRule { Issuer = "me", KeysUri = "http://auth.shop.svc.cluster.local/keys", ClaimHeaders = [new ClaimHeader("x-sub", "sub")] }],
                },
                new RequestPolicy
                {
                    Name = new NamespacedName("shop", "signed-in"),
                    Action = RequestPolicyAction.Allow,
                    Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, "shop")],
                    Rules = [new RequestRule { From = [new RequestSource { RequestPrincipals = ["me/*"] }] }, new RequestRule { To = [new RequestOperation { Paths = ["/open"] }] }],
                },
            ],
        });
        _waypoint = await _mesh.WaypointAsync();
        // The first keys come in the background.
        for (int i = 0; i < 500 && (await AskAsync("/list", _issuer.Token("me"))).Status == 401; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Token_Valid_PassesAndStaysAtTheWaypoint() =>
        Assert.Equal((200, " token= sub=alice cookie=", ""), await AskAsync("/list", _issuer.Token("me"), ("x-sub", "root")));

    [Fact]
    public async Task Token_InTheQuery_IsTakenOut()
    {
        string token = _issuer.Token("me");

        Assert.Equal((200, "?a=b&c=d token= sub=alice cookie=", ""), await AskAsync($"/list?a=b&access_token={token}&c=d", null));
    }

    [Fact]
    public async Task Token_Missing_IsForPoliciesToJudge()
    {
        Assert.Equal(403, (await AskAsync("/list", null)).Status);
        Assert.Equal((200, " token= sub= cookie=", ""), await AskAsync("/open", null, ("x-sub", "root")));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJpc3MiOiJtZSIsInN1YiI6ImFsaWNlIn0.")]
    public async Task Token_Bad_Is401EverywhereAndSaysWhy(string token)
    {
        var (status, body, challenge) = await AskAsync("/open", token);

        Assert.Equal(401, status);
        Assert.StartsWith("Bearer error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        Assert.NotEmpty(body);
    }

    /// <summary>The service that is asked and the one that the route leads to both demand the token, each by its own policies.</summary>
    [Theory]
    [InlineData("me", "me", 200)]
    [InlineData("me", "somebody-else", 401)]
    [InlineData("somebody-else", "me", 401)]
    [InlineData("me", null, 403)]
    public async Task Token_ThatTwoServicesDemand_IsJudgedByBoth_EachByItsOwnKeys(string issuerOfOrders, string? issuerOfArchive, int status)
    {
        MeshService archive = _mesh.Service("archive");
        await _mesh.Pod("archive-1", archive).ServeAsync(http => http.Response.WriteAsync($"archive token={http.Request.Headers.Authorization}"));
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                Demanding("tokens", issuerOfOrders, _orders), .. issuerOfArchive is null ? [] : (TokenPolicy[])[Demanding("tokens-of-archive", issuerOfArchive, archive)],
                new RouteTable
                {
                    Host = _orders.Hostname,
                    Http =
                    [
                        new HttpRule
                        {
                            Origin = new RouteOrigin("VirtualService", "shop", "moved", 0),
                            Action = new RouteAction.Forward([new WeightedBackend { Target = new BackendTarget(archive.Key, archive.Namespace, archive.Name, 80) }]),
                        },
                    ],
                },
            ],
        });
        string token = _issuer.Token("me");
        var (said, body, _) = await AskAsync("/list", token);
        for (int i = 0; i < 500 && said != status; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            (said, body, _) = await AskAsync("/list", token);
        }

        (said, body, _) = await AskAsync("/list", token);
        Assert.Equal(status, said);
        Assert.True(status != 200 || body == "archive token=", body);
    }

    // One issuer is another's name for these tests: a token of an issuer that a policy does not know is nobody's there.
    private static TokenPolicy Demanding(string name, string issuer, MeshService service) => new()
    {
        Name = new NamespacedName("shop", name),
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, service.Key)],
        Rules = [new TokenRule { Issuer = issuer, KeysUri = "http://auth.shop.svc.cluster.local/keys" }],
    };

    private async Task<(int Status, string Body, string Challenge)> AskAsync(string path, string? token, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://orders" + path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", "Bearer " + token);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage answer = await _client.Client(_waypoint, $"{_orders.Addresses[0].Address}:80").SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers.WwwAuthenticate.ToString());
    }
}
