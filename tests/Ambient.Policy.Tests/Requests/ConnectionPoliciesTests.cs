using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Policy.Requests;

namespace Ambient.Policy.Tests.Requests;

public sealed class ConnectionPoliciesTests
{
    private static readonly RequestRule s_fromWeb = new() { From = [new RequestSource { Principals = ["cluster.local/ns/shop/sa/web"] }] };

    [Fact]
    public void Allow_RuleOnTheCallerAlone_AllowsTheConnection() => Assert.True(Decide(Allow(s_fromWeb)).Allowed);

    [Theory]
    [MemberData(nameof(OnRequests))]
    public void Allow_RuleThatLooksAtRequests_AllowsNothing(string what, RequestRule rule)
    {
        Assert.NotEmpty(what);
        Assert.False(Decide(Allow(rule)).Allowed);
    }

    [Theory]
    [MemberData(nameof(OnRequests))]
    public void Deny_RuleThatLooksAtRequests_DeniesWhatItCould(string what, RequestRule rule)
    {
        Assert.NotEmpty(what);
        Assert.False(Decide(Deny(rule)).Allowed);
    }

    [Fact]
    public void Deny_MethodForOtherCallers_LeavesThisOneAlone() => Assert.True(Decide(Deny(new RequestRule
    {
        From = [new RequestSource { Principals = ["cluster.local/ns/shop/sa/other"] }],
        To = [new RequestOperation { Methods = ["DELETE"] }],
    })).Allowed);

    [Fact]
    public void Allow_OneAlternativeWithoutRequests_StillAllows() => Assert.True(Decide(Allow(new RequestRule
    {
        To = [new RequestOperation { Paths = ["/admin"] }, new RequestOperation { Ports = ["9000"] }],
    })).Allowed);

    [Fact]
    public void Custom_CannotBeAskedAboutAConnection_Denies() =>
        Assert.False(Decide(Allow(s_fromWeb) with { Action = RequestPolicyAction.Custom, Provider = "ext" }).Allowed);

    public static TheoryData<string, RequestRule> OnRequests() => new()
    {
        { "method", new RequestRule { To = [new RequestOperation { Methods = ["GET"] }] } },
        { "not method", new RequestRule { To = [new RequestOperation { NotMethods = ["GET"] }] } },
        { "path and port", new RequestRule { To = [new RequestOperation { Paths = ["/x"], Ports = ["9000"] }] } },
        { "host", new RequestRule { To = [new RequestOperation { Hosts = ["orders"] }] } },
        { "token", new RequestRule { From = [new RequestSource { RequestPrincipals = ["*"] }] } },
        { "no token", new RequestRule { From = [new RequestSource { NotRequestPrincipals = ["*"] }] } },
        { "header", new RequestRule { When = [new RequestCondition { Key = "request.headers[x-a]", Values = ["b"] }] } },
        { "claim", s_fromWeb with { When = [new RequestCondition { Key = "request.auth.claims[iss]", NotValues = ["b"] }] } },
    };

    private static RequestPolicy Allow(RequestRule rule) => new()
    {
        Name = new NamespacedName("shop", "p"),
        Action = RequestPolicyAction.Allow,
        Rules = [rule],
    };

    private static RequestPolicy Deny(RequestRule rule) => Allow(rule) with { Action = RequestPolicyAction.Deny };

    private static RequestDecision Decide(RequestPolicy policy) =>
        RequestPolicySet.Of([ConnectionPolicies.Of(policy)]).Decide(new AuthorizationRequest
        {
            Peer = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", "web")),
            SourceAddress = IPAddress.Parse("10.0.0.1"),
            Destination = IPEndPoint.Parse("10.0.0.2:9000"),
            Method = "",
            Authority = "",
            Path = null,
        });
}
