using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Tests;

public class ExplanationTests
{
    [Theory]
    [InlineData("DENY ns=web port=8080", true, "rule 0: namespace web is in [web], port 8080 is in [8080]")]
    [InlineData("DENY ns=web port=80", false, "rule 0: port 8080 is not in [80]")]
    [InlineData("DENY ns=shop ; port=8080", true, "rule 1: port 8080 is in [8080]")]
    [InlineData("DENY ns=shop | principal=*/sa/back", false, "rule 0: namespace web is not in [shop], and principal cluster.local/ns/web/sa/front is not in [*/sa/back]")]
    [InlineData("DENY !src=10.0.0.0/8", false, "rule 0: source address 10.1.2.3 is in [10.0.0.0/8], which is excluded")]
    [InlineData("DENY {}", true, "rule 0 has no conditions and matches every connection")]
    [InlineData("DENY", false, "has no rules: denies nothing")]
    [InlineData("ALLOW", false, "has no rules that can match: allows nothing")]
    [InlineData("DENY? {}", true, "dry run: rule 0 has no conditions and matches every connection")]
    public void Explain_OnePolicy_SaysWhichClauseDecided(string policy, bool matched, string reason)
    {
        PolicyVerdict verdict = Assert.Single(Explain("web", policy));

        Assert.Equal(reason, verdict.Reason);
        Assert.Equal(matched, verdict.Matched);
    }

    [Fact]
    public void Explain_Plaintext_SaysThatIdentityIsRequired()
    {
        PolicyVerdict verdict = Assert.Single(Explain(null, "ALLOW ns=web"));

        Assert.Equal("rule 0: no verified identity, namespace [web] is required", verdict.Reason);
        Assert.True(verdict.Decided);
    }

    [Fact]
    public void Explain_StrictAgainstPlaintext_SaysWhy()
    {
        PolicyVerdict verdict = Assert.Single(Explain(null, "DENY !principal=*"));

        Assert.Equal("rule 0: no verified identity, so not principal [*]", verdict.Reason);
        Assert.True(verdict.Decided);
    }

    [Fact]
    public void Explain_SeveralPolicies_MarksExactlyTheDecidingOne()
    {
        ImmutableArray<PolicyVerdict> verdicts = Explain("web", "ALLOW ns=web", "DENY port=8080", "DENY {}", "DENY? {}");

        Assert.Equal(["shop/p1"], verdicts.Where(v => v.Decided).Select(v => v.PolicyKey));
        Assert.Equal(["shop/p1", "shop/p2", "shop/p3", "shop/p0"], verdicts.Select(v => v.PolicyKey));
    }

    [Fact]
    public void Explain_NoAllowMatched_AllAllowsDecided()
    {
        ImmutableArray<PolicyVerdict> verdicts = Explain("web", "ALLOW ns=a", "ALLOW ns=b", "DENY ns=c");

        Assert.Equal([false, true, true], verdicts.Select(v => v.Decided));
    }

    [Fact]
    public void Explain_ListedPolicyMissing_HasItsOwnVerdict()
    {
        Workload destination = Destination with { AuthorizationPolicies = ["shop/gone"] };

        PolicyVerdict verdict = Assert.Single(PolicySet.For(MeshSnapshot.Empty, destination).Explain(Facts("web")));

        Assert.Equal("shop/gone", verdict.PolicyKey);
        Assert.Null(verdict.Action);
        Assert.True(verdict.Decided);
    }

    private static readonly Workload Destination = new() { Uid = "u", Name = "orders", Namespace = "shop" };

    private static ImmutableArray<PolicyVerdict> Explain(string? callerNamespace, params string[] policies) => PolicySet
        .For(
            MeshSnapshot.Empty.With(new MeshUpdate
            {
                Policies = [.. policies.Select((p, i) => PolicyText.Parse(p, $"shop/p{i}"))],
            }),
            Destination)
        .Explain(Facts(callerNamespace));

    private static ConnectionFacts Facts(string? ns) => new(
        ns is null ? PeerIdentity.Plaintext : new PeerIdentity.Verified(new SpiffeId("cluster.local", ns, "front")),
        IPAddress.Parse("10.1.2.3"),
        IPEndPoint.Parse("10.9.0.5:8080"));
}
