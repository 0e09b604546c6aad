using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Policy.Requests;

namespace Ambient.Policy.Tests.Requests;

/// <summary>Many policies together decide as each alone would.</summary>
public sealed class PolicyLookupTests
{
    private static readonly string[] s_paths = ["/a", "/a/b", "/a*", "/a/*", "/b/*/c", "/b/{*}/c", "/{**}", "*c", "*", "/%61/x", "/b/{x", "/"];
    private static readonly string[] s_methods = ["GET", "POST", "P*", "*"];
    private static readonly string?[] s_asked = ["/", "/a", "/a/b", "/a/x", "/ab", "/b/y/c", "/c", "", null];

    [Fact]
    public void Decide_RandomPolicies_FirstInOrderThatMatchesAloneDecides()
    {
        var random = new Random(4711);
        for (int round = 0; round < 300; round++)
        {
            RequestPolicy[] policies = [.. Enumerable.Range(0, random.Next(1, 12)).Select(i => Policy(random, i))];
            var together = RequestPolicySet.Of(policies);
            foreach (AuthorizationRequest request in Requests(random))
            {
                RequestPolicy? deny = Array.Find(policies, p => p.Action == RequestPolicyAction.Deny && Matches(p, request));
                RequestPolicy? allow = Array.Find(policies, p => p.Action == RequestPolicyAction.Allow && Matches(p, request));
                bool anyAllow = policies.Any(p => p.Action == RequestPolicyAction.Allow);

                RequestDecision decision = together.Decide(request);

                Assert.Equal(deny is null && (allow is not null || !anyAllow), decision.Allowed);
                if ((deny ?? allow) is { } decided)
                {
                    Assert.Equal(decided.Key, decision.PolicyKey);
                }
            }
        }
    }

    private static bool Matches(RequestPolicy policy, AuthorizationRequest request) =>
        RequestPolicySet.Of([policy]).Decide(request).Kind is DecisionKind.DeniedByPolicy or DecisionKind.AllowedByPolicy;

    private static RequestPolicy Policy(Random random, int index) => new()
    {
        Name = new NamespacedName("shop", $"p{index:00}"),
        Action = random.Next(3) == 0 ? RequestPolicyAction.Allow : RequestPolicyAction.Deny,
        Rules = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => Rule(random))],
    };

    private static RequestRule Rule(Random random) => new()
    {
        From = random.Next(4) == 0 ? [new RequestSource { Principals = [random.Next(2) == 0 ? "cluster.local/ns/shop/sa/web" : "other"] }] : [],
        To = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => new RequestOperation
        {
            Paths = [.. random.GetItems(s_paths, random.Next(0, 3))],
            Methods = [.. random.GetItems(s_methods, random.Next(0, 3))],
            Ports = ["80"],
        })],
    };

    private static IEnumerable<AuthorizationRequest> Requests(Random random) => s_asked.Select(path => new AuthorizationRequest
    {
        Peer = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", "web")),
        SourceAddress = IPAddress.Parse("10.0.0.1"),
        Destination = IPEndPoint.Parse("10.0.0.2:80"),
        Method = random.Next(2) == 0 ? "GET" : "POST",
        Authority = "orders",
        Path = path,
        LenientPath = random.Next(3) == 0 ? "/b/y/c" : null,
        IsStream = random.Next(10) == 0,
    });
}
