using System.Buffers.Binary;
using System.Net;
using System.Text;
using Ambient.Core;
using Ambient.Core.Policies.Providers;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Authorization;

/// <summary>CUSTOM policies through a real waypoint; the provider is a service of the mesh and is reached through the mesh.</summary>
public sealed class ProviderTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly List<string> _asked = [];
    private RequestDelegate _say = _ => Task.CompletedTask;
    private MeshService _orders = null!;
    private TestWaypoint _waypoint = null!;
    private TestPod _client = null!;
    private TestPod _authorizer = null!;
    private TestPod _endpoint = null!;

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Provider_ThatSaysYes_LetsTheRequestPassWithItsHeaders()
    {
        await StartAsync(new AuthorizationProvider
        {
            Name = "authz",
            Service = "authz.shop.svc.cluster.local",
            Port = 80,
            PathPrefix = "/check",
            RequestHeaders = ["x-team", "x-a-*"],
            FurtherHeaders = [new Core.Routes.HeaderValue("x-from", "mesh")],
            HeadersUpstream = ["x-user"],
            HeadersDownstreamOnAllow = ["x-seen"],
        });
        string shown = "";
        _say = http =>
        {
            shown = string.Join(' ', http.Request.Headers.Where(h => h.Key is not "Host").Select(h => $"{h.Key.ToLowerInvariant()}={h.Value}").Order());
            http.Response.Headers["x-user"] = "alice";
            http.Response.Headers["x-seen"] = "yes";
            http.Response.Headers["x-other"] = "no";
            http.Response.Headers["x-envoy-auth-headers-to-remove"] = "x-secret";
            return Task.CompletedTask;
        };

        using HttpResponseMessage answer = await GetAsync("/list?a=b%20c", ("x-team", "blue"), ("x-a-b", "1"), ("x-secret", "s"), ("x-user", "root"), ("authorization", "Basic x"));

        Assert.Equal("GET /list?a=b%20c user=alice secret= ", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["yes"], answer.Headers.GetValues("x-seen"));
        Assert.False(answer.Headers.Contains("x-other"));
        Assert.Equal(["GET orders /check/list?a=b%20c"], _asked);
        Assert.Equal("authorization=Basic x x-a-b=1 x-from=mesh x-team=blue", shown);
        // Under the waypoint's own identity, not the caller's.
        Assert.Null(Assert.Single(_authorizer.Connects).Header("ambient-caller"));
    }

    [Fact]
    public async Task Provider_ThatSaysNo_AnswersTheClient()
    {
        await StartAsync(Http());
        _say = async http =>
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = "https://login.example/";
            http.Response.Headers.SetCookie = "state=1";
            await http.Response.WriteAsync("log in first");
        };

        using HttpResponseMessage answer = await GetAsync("/list");

        Assert.Equal(302, (int)answer.StatusCode);
        Assert.Equal("https://login.example/", answer.Headers.Location?.ToString());
        Assert.Equal(["state=1"], answer.Headers.GetValues("set-cookie"));
        Assert.Equal("log in first", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Provider_ThatSaysNo_TellsOnlyTheHeadersThatItMay()
    {
        await StartAsync(Http() with { HeadersDownstreamOnDeny = ["x-why"] });
        _say = http =>
        {
            http.Response.StatusCode = 401;
            http.Response.Headers["x-why"] = "no";
            http.Response.Headers["x-internal"] = "db-7";
            http.Response.Headers.WWWAuthenticate = "Basic";
            return Task.CompletedTask;
        };

        using HttpResponseMessage answer = await GetAsync("/list");

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal("Basic", answer.Headers.WwwAuthenticate.ToString());
        Assert.True(answer.Headers.Contains("x-why"));
        Assert.False(answer.Headers.Contains("x-internal"));
    }

    [Theory]
    [InlineData(500, false, 403)]
    [InlineData(503, false, 403)]
    [InlineData(500, true, 200)]
    public async Task Provider_ThatFails_RefusesUnlessItMayFailOpen(int status, bool open, int expected)
    {
        await StartAsync(Http() with { FailOpen = open });
        _say = http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        using HttpResponseMessage answer = await GetAsync("/list");

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Provider_ThatDoesNotAnswer_IsGivenUp()
    {
        await StartAsync(Http() with { Timeout = TimeSpan.FromMilliseconds(200), StatusOnError = 504 });
        _say = _ => Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);

        using HttpResponseMessage answer = await GetAsync("/list");

        Assert.Equal(504, (int)answer.StatusCode);
        Assert.Contains("authorization provider authz gave no answer", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authz2", "authz.shop.svc.cluster.local", "is not configured")]
    [InlineData("authz", "nobody.shop.svc.cluster.local", "gave no answer")]
    public async Task Provider_ThatIsNotThere_Refuses(string name, string service, string reason)
    {
        await StartAsync(Http() with { Name = name, Service = service });

        using HttpResponseMessage answer = await GetAsync("/list");

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Body_IsShownUpToItsLimitAndStillArrives()
    {
        await StartAsync(Http() with { MaxBody = 8, AllowPartialBody = true });
        string shown = "";
        _say = async http => shown = await new StreamReader(http.Request.Body).ReadToEndAsync();

        using HttpResponseMessage answer = await SendAsync(new HttpRequestMessage(HttpMethod.Post, "http://orders/list") { Content = new StringContent("0123456789") });

        Assert.Equal("01234567", shown);
        Assert.Equal("POST /list user= secret= 0123456789", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Body_LongerThanItsLimit_Is413()
    {
        await StartAsync(Http() with { MaxBody = 8 });

        using HttpResponseMessage answer = await SendAsync(new HttpRequestMessage(HttpMethod.Post, "http://orders/list") { Content = new StringContent("0123456789") });

        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("content-length: 8\r\n\r\n0123")]
    [InlineData("transfer-encoding: chunked\r\n\r\nthis is no chunk\r\n")]
    public async Task Body_ThatDoesNotCome_DoesNotOpenAProviderThatMayFailOpen(string rest)
    {
        await StartAsync(Http() with { MaxBody = 8, FailOpen = true, Timeout = TimeSpan.FromMilliseconds(300) });
        await using Stream stream = await _client.ConnectAsync(_waypoint, $"{_orders.Addresses[0].Address}:80", TestContext.Current.CancellationToken);
        await stream.SendAsync($"POST /list HTTP/1.1\r\nhost: orders\r\n{rest}", TestContext.Current.CancellationToken);

        string answer = await stream.ReadUntilAsync("did not come", TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("authorization provider authz", answer, StringComparison.Ordinal);
        Assert.Empty(_asked);
        Assert.Empty(_endpoint.Connects);
    }

    [Fact]
    public async Task Request_ThatThePolicyDoesNotMean_IsNotShown()
    {
        await StartAsync(Http(), new RequestRule { To = [new RequestOperation { Paths = ["/admin*"] }] });

        using HttpResponseMessage answer = await GetAsync("/list");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Grpc_Provider_Decides(bool allow)
    {
        await StartAsync(Http() with { IsGrpc = true }, protocols: HttpProtocols.Http2);
        AttributeContext? asked = null;
        _say = async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            asked = CheckRequest.Parser.ParseFrom(body.ToArray().AsSpan(5)).Attributes;
            CheckResponse said = allow
                ? new CheckResponse
                {
                    Status = new Google.Rpc.Status(),
                    OkResponse = new OkHttpResponse { Headers = { new HeaderValueOption { Header = new Envoy.Service.Auth.V3.HeaderValue { Key = "X-User", Value = "alice" } } }, HeadersToRemove = { "x-secret" } },
                }
                : new CheckResponse
                {
                    Status = new Google.Rpc.Status { Code = 7 },
                    DeniedResponse = new DeniedHttpResponse { Status = new HttpStatus { Code = 401 }, Body = "who are you", Headers = { new HeaderValueOption { Header = new Envoy.Service.Auth.V3.HeaderValue { Key = "x-why", Value = "no" } } } },
                };
            await AnswerAsync(http, said.ToByteArray(), "0");
        };

        using HttpResponseMessage answer = await GetAsync("/list?a=b", ("x-secret", "s"));

        Assert.Equal(allow ? 200 : 401, (int)answer.StatusCode);
        Assert.Equal(allow ? "GET /list?a=b user=alice secret= " : "who are you", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(!allow, answer.Headers.Contains("x-why"));
        Assert.Equal(("GET", "/list?a=b", "orders", "s"), (asked!.Request.Http.Method, asked.Request.Http.Path, asked.Request.Http.Host, asked.Request.Http.Headers["x-secret"]));
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/client", asked.Source.Principal);
        Assert.Equal(["POST authz.shop:80 /envoy.service.auth.v3.Authorization/Check"], _asked);
    }

    [Theory]
    [InlineData(14, false)]
    [InlineData(0, true)]
    public async Task Grpc_ProviderThatFails_Refuses(int status, bool garbage)
    {
        await StartAsync(Http() with { IsGrpc = true }, protocols: HttpProtocols.Http2);
        _say = http => AnswerAsync(http, garbage ? [0xff, 0xff] : [], $"{status}");

        using HttpResponseMessage answer = await GetAsync("/list");

        Assert.Equal(403, (int)answer.StatusCode);
    }

    private static async Task AnswerAsync(HttpContext http, byte[] message, string status)
    {
        http.Response.ContentType = "application/grpc";
        byte[] framed = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        await http.Response.Body.WriteAsync(framed);
        http.Response.AppendTrailer("grpc-status", status);
    }

    private static AuthorizationProvider Http() => new() { Name = "authz", Service = "authz.shop", Port = 80, Timeout = TimeSpan.FromSeconds(10) };

    private async Task StartAsync(AuthorizationProvider provider, RequestRule? rule = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        _orders = _mesh.Service("orders");
        _endpoint = await _mesh.Pod("orders-1", _orders).ServeAsync(async http => await http.Response.WriteAsync(
            $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} user={http.Request.Headers["x-user"]} secret={http.Request.Headers["x-secret"]} {await new StreamReader(http.Request.Body, Encoding.UTF8).ReadToEndAsync()}"));
        MeshService authz = _mesh.Service("authz", gateway: null);
        _authorizer = await _mesh.Pod("authz-1", authz).ServeAsync(
            async http =>
            {
                lock (_asked)
                {
                    _asked.Add($"{http.Request.Method} {http.Request.Host} {http.Request.Path}{http.Request.QueryString}");
                }

                await _say(http);
            },
            protocols);
        _client = _mesh.Pod("client");
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                provider,
                new RequestPolicy
                {
                    Name = new NamespacedName("shop", "ask"),
                    Action = RequestPolicyAction.Custom,
                    Provider = "authz",
                    Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, "shop")],
                    Rules = [rule ?? new RequestRule()],
                },
            ],
        });
        _waypoint = await _mesh.WaypointAsync();
    }

    private Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://orders" + path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return SendAsync(request);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        _client.Client(_waypoint, $"{_orders.Addresses[0].Address}:80").SendAsync(request, TestContext.Current.CancellationToken);
}
