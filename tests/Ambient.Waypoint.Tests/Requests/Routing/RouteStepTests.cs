using System.Net;
using System.Text;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;

namespace Ambient.Waypoint.Tests.Requests.Routing;

/// <summary>Which rule takes a request, and what it does with it before and instead of forwarding.</summary>
public sealed class RouteStepTests : IAsyncDisposable
{
    private readonly RequestRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Routes_NoRuleTakesIt_404WithoutAskingAnybody()
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Route(RequestRig.ToService() with { Matches = [new HttpMatch { Path = new PathMatch(PathMatchKind.Exact, "/only") }] });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        Assert.Equal("404 no-route no rule of the routes for orders.shop takes GET /", await client.AskAsync("/"));
        Assert.Equal(ResponseFlags.NoRoute, (await _rig.LastAsync()).Flags);
        Assert.Equal("200", await client.AskAsync("/only"));
        Assert.Equal(RequestRig.Origin(), (await _rig.LastAsync(2)).Route);
        Assert.Equal(1, endpoint.Requests);
    }

    [Theory]
    [InlineData("Base", "/a//b", "404")]
    [InlineData("MergeSlashes", "/a//b", "200 GET /a/b")]
    [InlineData("MergeSlashes", "/a%2Fb", "400 ambiguous-path")]
    [InlineData("DecodeAndMergeSlashes", "/a%2F%2Fb", "200 GET /a/b")]
    public async Task PathNormalization_OfTheMesh_IsWhatRoutesAndEndpointsSee(string setting, string target, string expected)
    {
        await _rig.EndpointAsync("a", ForwardingTests.Echo);
        _rig.Apply(new MeshUpdate { Settings = new MeshSettings { PathNormalization = Enum.Parse<Core.Requests.PathNormalization>(setting) } });
        _rig.Route(RequestRig.ToService() with { Matches = [new HttpMatch { Path = new PathMatch(PathMatchKind.Exact, "/a/b") }] });
        await _rig.StartAsync();

        Assert.StartsWith(expected, await _rig.Client().AskAsync(target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_OfTheCallersNamespaceAndLabels_AreForThemAlone()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Apply(new MeshUpdate
        {
            Resources =
            [
                new RouteTable { Host = RequestRig.Host, Http = [Respond("producer")] },
                new RouteTable { Host = RequestRig.Host, ClientNamespace = "tests", Http = [Respond("consumer")] },
            ],
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        Assert.Equal("200 producer", await client.AskAsync("/"));
        _rig.Connection = c => c with { Caller = new PeerIdentity.Verified(new SpiffeId("cluster.local", "tests", "x")) };
        Assert.Equal("200 consumer", await client.AskAsync("/"));
    }

    [Fact]
    public async Task Rewrite_PathHostAndHeaders_AreWhatTheEndpointGets()
    {
        await _rig.EndpointAsync("a", http =>
        {
            http.Response.Headers["x-gone"] = "1";
            http.Response.Headers["x-kept"] = "1";
            return ForwardingTests.Echo(http);
        });
        _rig.Route(RequestRig.ToService() with
        {
            Matches = [new HttpMatch { Path = new PathMatch(PathMatchKind.SegmentPrefix, "/api") }],
            Rewrite = new UrlRewrite(new PathRewrite(PathRewriteKind.Prefix, "/v2"), "other.example:8443"),
            RequestHeaders = new HeaderChange { Set = [new HeaderValue("x-set", "new"), new HeaderValue("content-length", "9")], Add = [new HeaderValue("x-add", "2")], Remove = ["x-remove"] },
            ResponseHeaders = new HeaderChange { Remove = ["x-gone"], Set = [new HeaderValue("x-answer", "1")] },
        });
        await _rig.StartAsync();

        using HttpResponseMessage answer = await _rig.Client().GetAsync("/api/a%2Cb?q=%2f", "x-set: old", "x-add: 1", "x-remove: 1");
        string text = await answer.Content.ReadAsStringAsync(Stop);

        Assert.StartsWith("GET /v2/a%2Cb?q=%2f \n", text, StringComparison.Ordinal);
        Assert.Contains("\nhost: other.example:8443\n", text, StringComparison.Ordinal);
        Assert.Contains("\nx-set: new\n", text, StringComparison.Ordinal);
        Assert.Contains("\nx-add: 1,2\n", text.Replace(", ", ",", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("x-remove", text, StringComparison.Ordinal);
        Assert.DoesNotContain("content-length", text, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("x-gone"));
        Assert.True(answer.Headers.Contains("x-kept") && answer.Headers.Contains("x-answer"));
        Assert.Equal("/api/a%2Cb?q=%2f", (await _rig.LastAsync()).Path);
    }

    [Fact]
    public async Task Redirect_Respond_Fail_AnswerWithoutAnEndpoint()
    {
        HttpMatch At(string path) => new() { Path = new PathMatch(PathMatchKind.Exact, path) };
        _rig.Route(
            RequestRig.ToService() with { Matches = [At("/r")], Action = new RouteAction.Redirect(new RedirectTo { Status = 301, Scheme = "https", Host = "new.example" }) },
            Respond("hello") with { Matches = [At("/d")], ResponseHeaders = new HeaderChange { Set = [new HeaderValue("content-type", "text/x")] } },
            RequestRig.ToService() with { Matches = [At("/f")], Action = new RouteAction.Fail(500, "the backend is not valid") });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        using HttpResponseMessage redirect = await client.GetAsync("/r?x=1");
        Assert.Equal(HttpStatusCode.MovedPermanently, redirect.StatusCode);
        Assert.Equal("https://new.example/r?x=1", redirect.Headers.Location?.OriginalString);
        using HttpResponseMessage direct = await client.GetAsync("/d");
        Assert.Equal("hello", await direct.Content.ReadAsStringAsync(Stop));
        Assert.Equal("text/x", direct.Content.Headers.ContentType?.ToString());
        Assert.False(direct.Headers.Contains("ambient-reason"));
        Assert.Equal("500 route-fails the backend is not valid", await client.AskAsync("/f"));
    }

    [Fact]
    public async Task Cors_PreflightOfAnAllowedOrigin_IsAnsweredAndOthersAreTold()
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Route(RequestRig.ToService() with
        {
            Cors = new CorsPolicy { AllowOrigins = [TextMatch.Exact("https://a.example")], AllowMethods = ["GET"], ExposeHeaders = ["x-e"] },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        using HttpResponseMessage preflight = await client.SendAsync(client.Request(
            HttpMethod.Options, "/", null, "origin: https://a.example", "access-control-request-method: GET"));
        Assert.Equal("GET", preflight.Headers.GetValues("access-control-allow-methods").Single());
        Assert.Equal(0, endpoint.Requests);
        using HttpResponseMessage actual = await client.GetAsync("/", "origin: https://a.example");
        Assert.Equal("https://a.example", actual.Headers.GetValues("access-control-allow-origin").Single());
        Assert.Equal(1, endpoint.Requests);
    }

    private static HttpRule Respond(string text) => new()
    {
        Origin = RequestRig.Origin(),
        Action = new RouteAction.Respond(200, [.. Encoding.UTF8.GetBytes(text)]),
    };
}
