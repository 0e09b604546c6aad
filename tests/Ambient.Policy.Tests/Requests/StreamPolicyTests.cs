using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Policy.Requests;

namespace Ambient.Policy.Tests.Requests;

/// <summary>Bytes that nobody looks into: a field that only requests have never lets an ALLOW match and never keeps a DENY from matching.</summary>
public class StreamPolicyTests
{
    public static TheoryData<string, RequestRule, bool> Rules => new()
    {
        { "methods", new RequestRule { To = [new RequestOperation { Methods = ["POST"] }] }, true },
        { "not methods", new RequestRule { To = [new RequestOperation { NotMethods = ["POST"] }] }, true },
        { "paths", new RequestRule { To = [new RequestOperation { Paths = ["/admin"] }] }, true },
        { "hosts", new RequestRule { To = [new RequestOperation { Hosts = ["a"] }] }, true },
        { "token", new RequestRule { From = [new RequestSource { NotRequestPrincipals = ["*"] }] }, true },
        { "header", new RequestRule { When = [new RequestCondition { Key = "request.headers[x]", Values = ["1"] }] }, true },
        { "method and another port", new RequestRule { To = [new RequestOperation { Methods = ["POST"], Ports = ["9999"] }] }, false },
        { "method and another caller", new RequestRule { From = [new RequestSource { Namespaces = ["other"] }], To = [new RequestOperation { Methods = ["POST"] }] }, false },
        { "method and this caller", new RequestRule { From = [new RequestSource { Namespaces = ["web"] }], To = [new RequestOperation { Methods = ["POST"] }] }, true },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Stream_RuleWithFieldsOfRequests_DeniesWhatItCouldBeAndAllowsNothing(string name, RequestRule rule, bool couldBe)
    {
        Assert.NotEmpty(name);

        Assert.Equal(!couldBe, Decide(RequestPolicyAction.Deny, rule));
        Assert.False(Decide(RequestPolicyAction.Allow, rule));
    }

    [Fact]
    public void Stream_RuleWithFieldsOfConnections_DecidesAsForRequests()
    {
        RequestRule rule = new() { From = [new RequestSource { Principals = ["cluster.local/ns/web/sa/front"] }], To = [new RequestOperation { Ports = ["5432"] }] };

        Assert.True(Decide(RequestPolicyAction.Allow, rule));
        Assert.False(Decide(RequestPolicyAction.Deny, rule));
    }

    private static bool Decide(RequestPolicyAction action, RequestRule rule) => RequestPolicySet.Of(
        [new RequestPolicy { Name = new NamespacedName("shop", "p"), Action = action, Rules = [rule], Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Mesh)] }])
        .Decide(new AuthorizationRequest
        {
            Peer = new PeerIdentity.Verified(new SpiffeId("cluster.local", "web", "front")),
            SourceAddress = IPAddress.Loopback,
            Destination = new IPEndPoint(IPAddress.Loopback, 5432),
            IsStream = true,
            Method = "",
            Authority = "",
            Path = null,
        }).Allowed;
}
