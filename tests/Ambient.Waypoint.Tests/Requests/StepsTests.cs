using System.Collections.Immutable;
using System.Net;
using System.Text;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Authorization;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Requests;

/// <summary>What the steps between arrival and forwarding do with requests.</summary>
public sealed class StepsTests : IAsyncDisposable
{
    private RequestRig _rig = new();

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

    [Fact]
    public async Task Faults_DelayAndAbort_AreCountedByTheirFlags()
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Route(RequestRig.ToService() with
        {
            Fault = new FaultPolicy(new FaultDelay(100, TimeSpan.FromMilliseconds(100)), new FaultAbort(100, 418)),
        });
        await _rig.StartAsync();

        Assert.Equal("418 fault-injected fault filter abort", await _rig.Client().AskAsync("/"));
        RequestRecord record = await _rig.LastAsync();
        Assert.Equal(ResponseFlags.DelayInjected | ResponseFlags.FaultInjected, record.Flags);
        // Timers count in coarse ticks and may end a little early.
        Assert.True(_rig.Time.GetElapsedTime(record.Started) > TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, endpoint.Requests);
    }

    [Fact]
    public async Task RateLimit_Over_429WithHeadersAndBucketsByCaller()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        RateLimit limit = new() { Origin = RequestRig.Origin(), Burst = 2, Tokens = 2, Interval = TimeSpan.FromMinutes(1), FillAtOnce = true, By = RateLimitKey.Caller };
        _rig.Route(RequestRig.ToService() with { RateLimits = [limit] });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        using HttpResponseMessage first = await client.GetAsync("/");
        Assert.Equal(("2", "1"), (first.Headers.GetValues("x-ratelimit-limit").Single(), first.Headers.GetValues("x-ratelimit-remaining").Single()));
        Assert.Equal("200", await client.AskAsync("/"));
        _rig.Route(RequestRig.ToService() with { RateLimits = [limit with { }], Timeout = TimeSpan.FromMinutes(9) }); // the bucket outlives the change
        using HttpResponseMessage third = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.InRange(int.Parse(third.Headers.GetValues("retry-after").Single(), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal("0", third.Headers.GetValues("x-ratelimit-remaining").Single());
        Assert.Equal("rate-limited", third.Headers.GetValues("ambient-reason").Single());
        Assert.Equal(ResponseFlags.RateLimited, (await _rig.LastAsync(3)).Flags);

        _rig.Connection = c => c with { Caller = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", "other")) };
        Assert.Equal("200", await client.AskAsync("/"));
    }

    [Theory]
    [InlineData("GET", "client", "200")]
    [InlineData("POST", "client", "403 policy-denied RBAC: access denied (denied by AuthorizationPolicy shop/deny-post rule 0 (to[0]))")]
    [InlineData("GET", "stranger", "403 policy-denied RBAC: access denied (denied: no rule matched in AuthorizationPolicy shop/allow-client)")]
    public async Task Policies_OfTheService_DecideByCallerAndMethod(string method, string caller, string expected)
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Authorize(
            Policy("allow-client", RequestPolicyAction.Allow, new RequestRule { From = [new RequestSource { Principals = ["cluster.local/ns/shop/sa/client"] }] }),
            Policy("deny-post", RequestPolicyAction.Deny, new RequestRule { To = [new RequestOperation { Methods = ["POST"] }] }));
        _rig.Connection = c => c with { Caller = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", caller)) };
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        Assert.Equal(expected, await TestClient.TextAsync(await client.SendAsync(client.Request(new HttpMethod(method), "/"))));
        Assert.Equal(expected == "200" ? 1 : 0, endpoint.Requests);
        RequestRecord record = await _rig.LastAsync();
        Assert.Equal(expected == "200" ? ResponseFlags.None : ResponseFlags.UnauthorizedExternalService, record.Flags);
        Assert.Equal(caller == "stranger" ? "allow-client" : method == "POST" ? "deny-post" : "allow-client", record.Policy?.Name);
    }

    [Fact]
    public async Task Policies_BySelector_HoldForTheEndpointThatWasChosen()
    {
        TestUpstream open = await _rig.EndpointAsync("open", static _ => Task.CompletedTask, labels: "version=v1");
        TestUpstream closed = await _rig.EndpointAsync("closed", static _ => Task.CompletedTask, labels: "version=v2");
        _rig.Authorize(Policy("deny-v2", RequestPolicyAction.Deny, new RequestRule()) with
        {
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Selected, "shop")],
            Selector = ImmutableSortedDictionary<string, string>.Empty.Add("version", "v2"),
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        string[] answers = [.. await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.AskAsync("/")))];

        Assert.Equal(0, closed.Requests);
        Assert.Equal(answers.Count(a => a == "200"), open.Requests);
        Assert.Contains(answers, a => a.StartsWith("403 policy-denied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retries_NeverReachAnEndpointWhosePoliciesWereNotAsked()
    {
        TestUpstream[] open =
        [
            await _rig.EndpointAsync("open-1", Failing, labels: "version=v1"),
            await _rig.EndpointAsync("open-2", Failing, labels: "version=v1"),
        ];
        TestUpstream closed = await _rig.EndpointAsync("closed", static _ => Task.CompletedTask, labels: "version=v2");
        _rig.Authorize(Policy("deny-v2", RequestPolicyAction.Deny, new RequestRule()) with
        {
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Selected, "shop")],
            Selector = ImmutableSortedDictionary<string, string>.Empty.Add("version", "v2"),
        });
        _rig.Route(RequestRig.ToService() with
        {
            Retry = new RetryPolicy { Attempts = 4, On = RetryOn.ServerError, BackoffBase = TimeSpan.Zero, Budget = new RetryBudget(10, 1000, TimeSpan.FromSeconds(10)) },
        });
        _rig.Policy(new TrafficPolicy { LoadBalancer = new LoadBalancer { Kind = LoadBalancerKind.RoundRobin } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        string[] answers = new string[20];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = await client.AskAsync("/");
        }

        Assert.Equal(0, closed.Requests);
        Assert.All(answers, a => Assert.Matches("^(500|403 policy-denied .*)$", a));
        int failed = answers.Count(a => a == "500");
        Assert.InRange(failed, 1, 19);
        Assert.True(open.Sum(o => o.Requests) > failed, "there were retries");

        static Task Failing(HttpContext http)
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Policies_RouteLeadsToAnotherService_BothHaveTheirSay()
    {
        MeshService other = _rig.Service with { Name = "payments", Hostname = "payments.shop", Addresses = [] };
        _rig.Apply(new MeshUpdate { Services = [other] });
        TestUpstream endpoint = await _rig.EndpointAsync("p", static _ => Task.CompletedTask, of: other);
        _rig.Route(RequestRig.ToService() with
        {
            Action = new RouteAction.Forward([new WeightedBackend { Target = new BackendTarget("shop/payments.shop", "shop", "payments", 80) }]),
        });
        _rig.Authorize(
            Policy("orders", RequestPolicyAction.Allow, new RequestRule { From = [new RequestSource { Principals = ["cluster.local/ns/shop/sa/*"] }] }),
            Policy("payments", RequestPolicyAction.Allow, new RequestRule { From = [new RequestSource { Principals = ["cluster.local/ns/shop/sa/boss"] }] }) with
            {
                Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, "shop/payments.shop")],
            });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        Assert.Contains("shop/payments", await client.AskAsync("/"), StringComparison.Ordinal);
        _rig.Connection = c => c with { Caller = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", "boss")) };
        Assert.Equal("200", await client.AskAsync("/"));
        Assert.Equal(1, endpoint.Requests);
    }

    [Fact]
    public async Task Policies_AuditAndDryRun_AreNotedAndDecideNothing()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Authorize(
            Policy("watch", RequestPolicyAction.Audit, new RequestRule()),
            Policy("try", RequestPolicyAction.Deny, new RequestRule()) with { DryRun = true });
        await _rig.StartAsync();

        Assert.Equal("200", await _rig.Client().AskAsync("/"));
        Assert.Equal(2, (await _rig.LastAsync()).Notes?.Count);
    }

    [Fact]
    public async Task Custom_ProviderSaysNoOrYes_IsTheAnswerOrChangesTheRequest()
    {
        await _rig.DisposeAsync();
        FakeProviders providers = new();
        _rig = new RequestRig(providers: providers);
        await _rig.EndpointAsync("a", ForwardingTests.Echo);
        _rig.Authorize(Policy("ask", RequestPolicyAction.Custom, new RequestRule()) with { Provider = "opa" });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        providers.Answer = new ProviderAnswer { Allowed = false, Status = 402, Reason = "pay first", Body = "pay"u8.ToArray(), ResponseHeaders = [new HeaderValue("x-why", "1")] };
        using HttpResponseMessage no = await client.PostAsync("/", "body"u8.ToArray());
        Assert.Equal((HttpStatusCode.PaymentRequired, "pay"), (no.StatusCode, await no.Content.ReadAsStringAsync(Stop)));
        Assert.Equal("provider-denied", no.Headers.GetValues("ambient-reason").Single());
        Assert.True(no.Headers.Contains("x-why"));
        Assert.Equal("opa POST / body", providers.Seen);

        providers.Answer = ProviderAnswer.Yes with
        {
            RequestHeaders = new HeaderChange { Set = [new HeaderValue("x-user", "ann")] },
            ResponseHeaders = [new HeaderValue("x-told", "1")],
        };
        using HttpResponseMessage yes = await client.PostAsync("/", "body"u8.ToArray(), "x-user: forged");
        string text = await yes.Content.ReadAsStringAsync(Stop);
        Assert.StartsWith("POST / body\n", text, StringComparison.Ordinal);
        Assert.Contains("\nx-user: ann\n", text, StringComparison.Ordinal);
        Assert.True(yes.Headers.Contains("x-told"));
    }

    [Fact]
    public async Task Custom_NobodyToAsk_IsRefused()
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Authorize(Policy("ask", RequestPolicyAction.Custom, new RequestRule()) with { Provider = "opa" });
        await _rig.StartAsync();

        Assert.StartsWith("403 provider-failed", await _rig.Client().AskAsync("/"), StringComparison.Ordinal);
        Assert.Equal(0, endpoint.Requests);
    }

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

    private static HttpRule Respond(string text) => new()
    {
        Origin = RequestRig.Origin(),
        Action = new RouteAction.Respond(200, [.. Encoding.UTF8.GetBytes(text)]),
    };

    private static RequestPolicy Policy(string name, RequestPolicyAction action, params RequestRule[] rules) => new()
    {
        Name = new NamespacedName("shop", name),
        Action = action,
        Rules = [.. rules],
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, RequestRig.Key)],
    };

    private sealed class FakeProviders : IAuthorizationProviders
    {
        internal ProviderAnswer Answer { get; set; } = ProviderAnswer.Yes;

        internal string Seen { get; private set; } = "";

        public async ValueTask<ProviderAnswer> AskAsync(ImmutableArray<string> providers, ProviderQuestion question, CancellationToken stop)
        {
            (ReadOnlyMemory<byte> bytes, bool whole) = await question.PeekBody!(100, stop);
            Assert.True(whole);
            Seen = $"{string.Join(',', providers)} {question.Request.Method} {question.Target} {Encoding.UTF8.GetString(bytes.Span)}";
            return Answer;
        }
    }
}
