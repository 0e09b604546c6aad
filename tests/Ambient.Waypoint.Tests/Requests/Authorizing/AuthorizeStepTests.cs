using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Requests.Authorizing;

public sealed class AuthorizeStepTests : IAsyncDisposable
{
    private readonly RequestRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

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

    private static RequestPolicy Policy(string name, RequestPolicyAction action, params RequestRule[] rules) => new()
    {
        Name = new NamespacedName("shop", name),
        Action = action,
        Rules = [.. rules],
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, RequestRig.Key)],
    };
}
