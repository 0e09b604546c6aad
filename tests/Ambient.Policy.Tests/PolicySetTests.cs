using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Tests;

public class PolicySetTests
{
    private const string Web = "spiffe://cluster.local/ns/web/sa/front";

    // Rows: one match, caller ("-" is plaintext), source, destination; the match as the only rule of a DENY policy.
    [Theory]
    [InlineData("ns=web", Web, true)]
    [InlineData("ns=web,shop", Web, true)]
    [InlineData("ns=we*", Web, true)]
    [InlineData("ns=*eb", Web, true)]
    [InlineData("ns=*", Web, true)]
    [InlineData("ns=shop", Web, false)]
    [InlineData("ns=w*b", Web, false)]
    [InlineData("ns=*", "-", false)]
    [InlineData("!ns=web", Web, false)]
    [InlineData("!ns=shop", Web, true)]
    [InlineData("!ns=shop,web", Web, false)]
    [InlineData("!ns=web", "-", true)]
    [InlineData("!ns=*", "-", true)]
    [InlineData("!ns=*", Web, false)]
    [InlineData("principal=cluster.local/ns/web/sa/front", Web, true)]
    [InlineData("principal=cluster.local/ns/web/*", Web, true)]
    [InlineData("principal=*/sa/front", Web, true)]
    [InlineData("principal=*", Web, true)]
    [InlineData("principal=*", "-", false)]
    [InlineData("principal=spiffe://cluster.local/ns/web/sa/front", Web, false)]
    [InlineData("principal=other.domain/ns/web/sa/front", Web, false)]
    [InlineData("principal=cluster.local/ns/web/sa/fron", Web, false)]
    [InlineData("!principal=*", "-", true)]
    [InlineData("!principal=*", Web, false)]
    [InlineData("!principal=cluster.local/ns/web/sa/front", "-", true)]
    [InlineData("!principal=cluster.local/ns/shop/sa/x", Web, true)]
    [InlineData("sa=web/front", Web, true)]
    [InlineData("sa=web/front", "spiffe://elsewhere/ns/web/sa/front", true)]
    [InlineData("sa=web/back,shop/front", Web, false)]
    [InlineData("sa=web/front", "-", false)]
    [InlineData("!sa=web/front", Web, false)]
    [InlineData("!sa=web/front", "-", true)]
    [InlineData("src=10.1.0.0/16", "-", true)]
    [InlineData("src=10.2.0.0/16", "-", false)]
    [InlineData("src=10.2.0.0/16,10.1.2.3/32", "-", true)]
    [InlineData("!src=10.1.0.0/16", "-", false)]
    [InlineData("!src=10.2.0.0/16", "-", true)]
    [InlineData("src=::/0", "-", false)]
    [InlineData("dst=10.9.0.5/32", "-", true)]
    [InlineData("dst=10.9.0.6/32", "-", false)]
    [InlineData("!dst=10.9.0.5/32", "-", false)]
    [InlineData("port=8080", "-", true)]
    [InlineData("port=80,8080", "-", true)]
    [InlineData("port=80", "-", false)]
    [InlineData("!port=8080", "-", false)]
    [InlineData("!port=80", "-", true)]
    [InlineData("ns=web port=8080", Web, true)]
    [InlineData("ns=web port=80", Web, false)]
    [InlineData("ns=shop port=8080", Web, false)]
    [InlineData("ns=web !port=8080", Web, false)]
    [InlineData("ns=shop | port=8080", Web, true)]
    [InlineData("ns=shop | port=80", Web, false)]
    [InlineData("ns=web & port=8080", Web, true)]
    [InlineData("ns=web & port=80", Web, false)]
    [InlineData("ns=shop | ns=web & port=80 | port=8080", Web, true)]
    [InlineData("ns=shop ; port=8080", Web, true)]
    [InlineData("ns=shop ; port=80", Web, false)]
    [InlineData("{}", "-", true)]
    [InlineData("", Web, false)]
    [InlineData("!principal=* !port=8080", "-", false)]
    [InlineData("!principal=* !port=9090", "-", true)]
    [InlineData("ns=web sa=web/front principal=* src=10.1.0.0/16 dst=10.9.0.0/16 port=8080 !ns=a !sa=a/b !principal=c !src=9.0.0.0/8 !dst=9.0.0.0/8 !port=1", Web, true)]
    public void Decide_OneRule_MatchesAsWritten(string rules, string caller, bool matches)
    {
        Assert.Equal(matches ? DecisionKind.DeniedByPolicy : DecisionKind.AllowedWithoutPolicies, Decide(caller, $"DENY {rules}").Kind);
        Assert.Equal(matches ? DecisionKind.AllowedByPolicy : DecisionKind.DeniedWithoutMatch, Decide(caller, $"ALLOW {rules}").Kind);
    }

    [Theory]
    [InlineData(DecisionKind.AllowedWithoutPolicies)]
    [InlineData(DecisionKind.AllowedByPolicy, "ALLOW ns=web")]
    [InlineData(DecisionKind.DeniedWithoutMatch, "ALLOW ns=shop")]
    [InlineData(DecisionKind.AllowedByPolicy, "ALLOW ns=shop", "ALLOW ns=web")]
    [InlineData(DecisionKind.DeniedByPolicy, "ALLOW ns=web", "DENY port=8080")]
    [InlineData(DecisionKind.AllowedByPolicy, "ALLOW ns=web", "DENY port=80")]
    [InlineData(DecisionKind.AllowedWithoutPolicies, "DENY port=80")]
    [InlineData(DecisionKind.DeniedWithoutMatch, "ALLOW")]
    [InlineData(DecisionKind.AllowedWithoutPolicies, "DENY")]
    [InlineData(DecisionKind.AllowedWithoutPolicies, "DENY? {}")]
    [InlineData(DecisionKind.AllowedWithoutPolicies, "ALLOW? ns=shop")]
    [InlineData(DecisionKind.DeniedWithoutMatch, "ALLOW ns=shop", "ALLOW? {}")]
    public void Decide_SeveralPolicies_DenyBeforeAllowAndDryRunNever(DecisionKind expected, params string[] policies) =>
        Assert.Equal(expected, Decide(Web, policies).Kind);

    [Fact]
    public void Decide_ListedPolicyMissing_IsRefusedUnlessADenyMatches()
    {
        Workload destination = Destination with { AuthorizationPolicies = ["shop/listed"] };
        MeshSnapshot missing = Mesh([]);
        MeshSnapshot denied = Mesh([PolicyText.Parse("DENY port=8080", "shop/d")]);
        MeshSnapshot present = Mesh([PolicyText.Parse("ALLOW ns=web", "shop/listed", PolicyScope.WorkloadSelector)]);

        Decision refused = PolicySet.For(missing, destination).Decide(Facts(Web));
        Assert.Equal(DecisionKind.Refused, refused.Kind);
        Assert.False(refused.Allowed);
        Assert.Contains("shop/listed", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(DecisionKind.DeniedByPolicy, PolicySet.For(denied, destination).Decide(Facts(Web)).Kind);
        Assert.Equal(DecisionKind.AllowedByPolicy, PolicySet.For(present, destination).Decide(Facts(Web)).Kind);
    }

    [Theory]
    [InlineData("shop/p", PolicyScope.Namespace, true)]
    [InlineData("other/p", PolicyScope.Namespace, false)]
    [InlineData("ambient-system/p", PolicyScope.Global, true)]
    [InlineData("shop/p", PolicyScope.WorkloadSelector, false)]
    public void Decide_Scope_DecidesWhetherThePolicyApplies(string key, PolicyScope scope, bool applies)
    {
        Decision decision = PolicySet.For(Mesh([PolicyText.Parse("DENY {}", key, scope)]), Destination).Decide(Facts(Web));

        Assert.Equal(!applies, decision.Allowed);
    }

    [Fact]
    public void Decide_RuleWithWrittenIndex_NamesThatOne()
    {
        AuthorizationPolicy policy = PolicyText.Parse("DENY ns=shop ; port=8080", "shop/p0", PolicyScope.Namespace);
        policy = policy with { Rules = [.. policy.Rules.Select((r, i) => r with { SourceRule = i + 4 })] };
        PolicySet set = PolicySet.For(Mesh([policy]), Destination);

        Assert.Equal((5, "denied by AuthorizationPolicy shop/p0 rule 5"), (set.Decide(Facts(Web)).RuleIndex, set.Decide(Facts(Web)).Reason));
        Assert.Equal(5, Assert.Single(set.Explain(Facts(Web))).RuleIndex);
    }

    [Fact]
    public void Decide_SharedStrict_NamesTheOriginThatTheWorkloadGives()
    {
        const string key = "ambient-system/istio_converted_static_strict";
        AuthorizationPolicy shared = PolicyText.Parse("DENY !principal=*", key, PolicyScope.WorkloadSelector) with { Origin = null };
        Workload strict = Destination with { AuthorizationPolicies = [key], StrictOrigin = new PolicyOrigin("PeerAuthentication", "shop", "default") };

        Decision decision = PolicySet.For(Mesh([shared]), strict).Decide(Facts("-"));

        Assert.Equal((key, strict.StrictOrigin, "denied by PeerAuthentication shop/default rule 0"), (decision.PolicyKey, decision.Origin, decision.Reason));
    }

    [Fact]
    public void Decide_Denied_NamesKindPolicyAndRule()
    {
        Decision decision = Decide(Web, "DENY ns=shop ; port=8080");

        Assert.Equal("shop/p0", decision.PolicyKey);
        Assert.Equal(1, decision.RuleIndex);
        Assert.Equal(new PolicyOrigin("AuthorizationPolicy", "shop", "p0"), decision.Origin);
        Assert.Equal("denied by AuthorizationPolicy shop/p0 rule 1", decision.Reason);
    }

    [Theory]
    [InlineData("ALLOW", false)]
    [InlineData("DENY", false)]
    public void Decide_EmptyMatchOrClauseThatSlippedThrough_NeverWidens(string action, bool allowed)
    {
        AuthorizationPolicy policy = PolicyText.Parse(action);
        PolicyRule emptyMatch = new([new PolicyClause([new PolicyMatch()])]);
        PolicyRule emptyClause = new([new PolicyClause([])]);

        foreach (PolicyRule rule in (PolicyRule[])[emptyMatch, emptyClause])
        {
            MeshSnapshot mesh = Mesh([policy with { Rules = [rule] }]);
            Assert.Equal(allowed, PolicySet.For(mesh, Destination).Decide(Facts(Web)).Allowed);
        }
    }

    [Fact]
    public void For_SameSnapshotAndWorkload_IsCompiledOnce()
    {
        MeshSnapshot mesh = Mesh([PolicyText.Parse("ALLOW ns=web")]);

        Assert.Same(PolicySet.For(mesh, Destination), PolicySet.For(mesh, Destination));
        Assert.NotSame(PolicySet.For(mesh, Destination), PolicySet.For(mesh.With(MeshUpdate.Empty), Destination));
    }

    [Fact]
    public void Decide_AnyOutcome_AllocatesNothing()
    {
        PolicySet set = PolicySet.For(
            Mesh([PolicyText.Parse("DENY port=1 ns=x", "shop/a"), PolicyText.Parse("ALLOW principal=cluster.local/ns/web/* src=10.0.0.0/8", "shop/b")]),
            Destination);
        ConnectionFacts facts = Facts(Web);
        Assert.True(set.Decide(facts).Allowed);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _ = set.Decide(facts);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500); // less than one object a decision
    }

    private static readonly Workload Destination = new()
    {
        Uid = "Kubernetes//Pod/shop/orders",
        Name = "orders",
        Namespace = "shop",
        Addresses = [IPAddress.Parse("10.9.0.5")],
    };

    private static Decision Decide(string caller, params string[] policies) => PolicySet
        .For(Mesh([.. policies.Select((p, i) => PolicyText.Parse(p, $"shop/p{i}"))]), Destination)
        .Decide(Facts(caller));

    private static MeshSnapshot Mesh(AuthorizationPolicy[] policies) => MeshSnapshot.Empty.With(new MeshUpdate { Policies = [.. policies] });

    private static ConnectionFacts Facts(string caller) => new(
        caller == "-" ? PeerIdentity.Plaintext : new PeerIdentity.Verified(SpiffeId.Parse(caller)),
        IPAddress.Parse("10.1.2.3"),
        IPEndPoint.Parse("10.9.0.5:8080"));
}
