using Ambient.Compile.Reports;
using Ambient.Core.Policies;
using Ambient.Core.Policies.Requests;

namespace Ambient.Compile.Tests.Authorization;

public sealed class RuleTests
{
    private static readonly string Pod = Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }");

    [Fact]
    public void FromToWhen_AreClausesThatAllMustHold()
    {
        var rule = Assert.Single(Policy("""
            { rules: [{ from: [{ source: { namespaces: [x] } }, { source: { ipBlocks: [10.1.2.3/8] } }],
                        to: [{ operation: { ports: ["80", "443"] } }],
                        when: [{ key: source.principal, values: ["*"], notValues: [cluster.local/ns/x/sa/bad] }, { key: destination.port, notValues: ["22"] }] }] }
            """).Rules);
        Assert.Equal([2, 1, 1, 1], rule.Clauses.Select(c => c.Matches.Length));
        Assert.Equal("10.0.0.0/8", Assert.Single(rule.Clauses[0].Matches[1].SourceIps).ToString());
        var when = rule.Clauses[2].Matches[0];
        Assert.Equal([StringMatch.Presence], when.Principals);
        Assert.Equal([new StringMatch(StringMatchKind.Exact, "cluster.local/ns/x/sa/bad")], when.NotPrincipals);
        Assert.Equal([(ushort)22], rule.Clauses[3].Matches[0].NotDestinationPorts);
    }

    [Fact]
    public void ServiceAccounts_WithoutNamespace_AreOfThePolicysOne()
    {
        var match = Policy("{ rules: [{ from: [{ source: { serviceAccounts: [web, other/job] } }] }] }").OnlyMatch();
        Assert.Equal(["shop/web", "other/job"], match.ServiceAccounts.Select(s => s.ToString()));
    }

    [Theory]
    [InlineData("{}", "Namespace")]
    [InlineData("{ selector: { matchLabels: { app: a } } }", "WorkloadSelector")]
    [InlineData("{ selector: {} }", "Namespace")]
    public void Scope_FollowsTheSelector(string spec, string scope) => Assert.Equal(scope, Policy(spec).Scope.ToString());

    [Fact]
    public void RootNamespace_WithoutSelector_IsGlobalAndWithOneSelectsEverywhere()
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("ambient-system", "all", "{}"), Mesh.Authz("istio-system", "some", "{ selector: { matchLabels: { app: a } } }"));
        Assert.Equal(PolicyScope.Global, result.Policy("ambient-system/all")!.Scope);
        Assert.Equal(["istio-system/some"], result.Workload("a").AuthorizationPolicies);
    }

    [Fact]
    public void RulesAndClauses_KeepTheNamesThatTheirAuthorKnowsThemBy()
    {
        var rules = Policy("""
            { rules: [{ to: [{ operation: { methods: [GET] } }] },
                      { from: [{ source: { namespaces: [x] } }], when: [{ key: source.ip, values: [10.0.0.1] }, { key: destination.port, values: ['80'] }] },
                      { to: [{ operation: { ports: ['80'] } }] }] }
            """).Rules;

        Assert.Equal([1, 2], rules.Select(r => r.SourceRule!.Value));
        Assert.Equal(["from", "when[0]", "when[1]"], rules[0].Clauses.Select(c => c.Source));
        Assert.Equal(["to"], rules[1].Clauses.Select(c => c.Source));
    }

    [Fact]
    public void NoRules_MatchNothing_AndOneEmptyRuleMatchesEverything()
    {
        Assert.Empty(Policy("{ action: ALLOW }").Rules);
        Assert.Empty(Assert.Single(Policy("{ rules: [{}] }").Rules).Clauses);
    }

    /// <summary>What an L4 proxy makes of a DENY rule with L7 attributes: never less than what it could match.</summary>
    [Theory]
    [InlineData("{ to: [{ operation: { methods: [POST] } }] }", 0)]
    [InlineData("{ to: [{ operation: { methods: [POST], ports: ['80'] } }] }", 1)]
    [InlineData("{ from: [{ source: { namespaces: [x] } }], to: [{ operation: { methods: [POST] } }] }", 1)]
    [InlineData("{ from: [{ source: { namespaces: [x] } }], to: [{ operation: { methods: [POST], ports: ['80'] } }] }", 2)]
    [InlineData("{ from: [{ source: { namespaces: [x], requestPrincipals: ['*'] } }] }", 1)]
    [InlineData("{ from: [{ source: { namespaces: [x] } }, { source: { requestPrincipals: ['*'] } }] }", 0)]
    [InlineData("{ when: [{ key: 'request.headers[x]', values: [y] }] }", 0)]
    [InlineData("{ from: [{ source: { namespaces: [x] } }], when: [{ key: connection.sni, notValues: [y] }] }", 1)]
    public void DenyWithL7_WithoutWaypoint_LosesOnlyTheAttribute(string rule, int clauses)
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", $"{{ action: DENY, rules: [{rule}] }}"));
        Assert.Equal(clauses, Assert.Single(result.Policy("shop/p")!.Rules).Clauses.Length);
        Assert.Contains(result.Findings, f => f.Code == FindingCodes.L7WithoutWaypoint);
        Assert.Contains(result.Status[0].Conditions, c => c is { Type: "ZtunnelAccepted", Status: "False" });
    }

    [Fact]
    public void AllowWithL7_WithoutWaypoint_LosesTheRuleAndKeepsThePolicy()
    {
        var policy = Policy("{ rules: [{ to: [{ operation: { methods: [GET] } }] }, { to: [{ operation: { ports: ['80'] } }] }] }");
        Assert.Equal([(ushort)80], policy.OnlyMatch().DestinationPorts);
        Assert.Equal(PolicyAction.Allow, policy.Action);
    }

    [Fact]
    public void TrustDomainAliases_OfOwnPrincipals_StandForEachOther()
    {
        var mesh = """
            ---
            apiVersion: ambient.dev/v1alpha1
            kind: Mesh
            metadata: { name: default }
            spec: { trustDomain: new.example, trustDomainAliases: [old.example] }
            """;
        var result = Mesh.Compile(Pod, mesh, Mesh.Authz("shop", "p",
            "{ rules: [{ from: [{ source: { principals: [old.example/ns/x/sa/y, 'cluster.local/ns/z/*', foreign.example/ns/x/sa/y, '*/sa/q'] } }] }] }"));
        Assert.Equal(
            ["new.example/ns/x/sa/y", "old.example/ns/x/sa/y", "new.example/ns/z/*", "old.example/ns/z/*", "foreign.example/ns/x/sa/y", "*/sa/q"],
            result.Policy("shop/p")!.OnlyMatch().Principals.Select(p => p.ToString()));
        Assert.Equal("new.example", result.Workload("a").TrustDomain);
    }

    [Theory]
    [InlineData("{ from: [{ source: { principals: ['spiffe://cluster.local/ns/x/sa/y'] } }] }", "from[0].source.principals[0]", FindingCodes.PrincipalWithScheme)]
    [InlineData("{ from: [{ source: { notPrincipals: ['a*b'] } }] }", "from[0].source.notPrincipals[0]", FindingCodes.InvalidField)]
    [InlineData("{ from: [{ source: { namespaces: ['*a*'] } }] }", "from[0].source.namespaces[0]", FindingCodes.InvalidField)]
    [InlineData("{ from: [{ source: { namespaces: [''] } }] }", "from[0].source.namespaces[0]", FindingCodes.InvalidField)]
    [InlineData("{ from: [{ source: { ipBlocks: [10.0.0.0/33] } }] }", "from[0].source.ipBlocks[0]", FindingCodes.InvalidField)]
    [InlineData("{ from: [{ source: { notIpBlocks: [10.0.0] } }] }", "from[0].source.notIpBlocks[0]", FindingCodes.InvalidField)]
    [InlineData("{ from: [{ source: { notIpBlocks: ['010.0.0.1'] } }] }", "from[0].source.notIpBlocks[0]", FindingCodes.InvalidField)]
    [InlineData("{ from: [{ source: { serviceAccounts: ['x/*'] } }] }", "from[0].source.serviceAccounts[0]", FindingCodes.InvalidField)]
    [InlineData("{ from: [{ source: { serviceAccounts: [a], namespaces: [b] } }] }", "from[0].source.serviceAccounts", FindingCodes.InvalidField)]
    [InlineData("{ from: [{ source: {} }] }", "from[0].source", FindingCodes.InvalidField)]
    [InlineData("{ from: [] }", "from", FindingCodes.InvalidField)]
    [InlineData("{ to: [{ operation: { ports: ['0'] } }] }", "to[0].operation.ports[0]", FindingCodes.InvalidField)]
    [InlineData("{ to: [{ operation: { notPorts: ['65536'] } }] }", "to[0].operation.notPorts[0]", FindingCodes.InvalidField)]
    [InlineData("{ to: [{ operation: { ports: [80] } }] }", "to[0].operation.ports[0]", FindingCodes.InvalidField)]
    [InlineData("{ to: [{ operation: { port: ['80'] } }] }", "to[0].operation.port", FindingCodes.UnknownField)]
    [InlineData("{ when: [{ key: source.ipp, values: [10.0.0.1] }] }", "when[0].key", FindingCodes.InvalidField)]
    [InlineData("{ when: [{ key: source.ip }] }", "when[0]", FindingCodes.InvalidField)]
    public void BadRule_OfANewPolicy_RefusesItWholeAndDeniesWhomItMeans(string rule, string field, string code)
    {
        foreach (string action in new[] { "ALLOW", "DENY" })
        {
            var result = Mesh.Compile(Pod, Mesh.Authz("shop", "bad", $"{{ selector: {{ matchLabels: {{ app: a }} }}, action: {action}, rules: [{{}}, {rule}] }}"));
            Assert.Contains(result.Findings, f => f.Field == "spec.rules[1]." + field && f.Code == code);
            Assert.Null(result.Policy("shop/bad"));
            var denial = result.Policy("shop/ambient_refused_bad")!;
            Assert.Equal((PolicyAction.Deny, 1, 0), (denial.Action, denial.Rules.Length, denial.Rules[0].Clauses.Length));
            Assert.Equal(["shop/ambient_refused_bad"], result.Workload("a").AuthorizationPolicies);
            var condition = Assert.Single(Assert.Single(result.Status).Conditions);
            Assert.Equal(("Accepted", "False"), (condition.Type, condition.Status));
            Assert.Contains("spec.rules[1]." + field, condition.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Custom_WithoutAWaypoint_DeniesWhatItWouldAskAbout()
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", "{ action: CUSTOM, provider: { name: opa }, rules: [{ to: [{ operation: { ports: ['80'], methods: [GET] } }] }] }"));
        Assert.Equal(PolicyAction.Deny, result.Policy("shop/p")!.Action);
        Assert.Equal([80], result.Policy("shop/p")!.OnlyMatch().DestinationPorts);
        Assert.Contains(result.Status[0].Conditions, c => c is { Type: "ZtunnelAccepted", Status: "False" } && c.Message.Contains("provider", StringComparison.Ordinal));
        Assert.Equal(("opa", RequestPolicyAction.Custom), (result.RequestPolicies[0].Provider, result.RequestPolicies[0].Action));
    }

    [Theory]
    [InlineData("{ action: CUSTOM, rules: [{}] }", "spec.provider.name")]
    [InlineData("{ action: DENY, provider: { name: opa }, rules: [{}] }", "spec.provider")]
    public void Provider_WhereItIsMissingOrMeansNothing_IsRefused(string spec, string field)
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", spec));
        Assert.Contains(result.Findings, f => f.Field == field && f.Level == FindingLevel.Error);
        Assert.NotNull(result.Policy("shop/ambient_refused_p"));
    }

    [Fact]
    public void Audit_WithoutAWaypoint_ChangesNothingAndSaysSo()
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", "{ selector: { matchLabels: { app: a } }, action: AUDIT, rules: [{}] }"));
        Assert.Null(result.Policy("shop/p"));
        Assert.Empty(result.Workload("a").AuthorizationPolicies);
        Assert.Contains(result.Status[0].Conditions, c => c is { Type: "ZtunnelAccepted", Status: "False" } && c.Message.StartsWith("AUDIT", StringComparison.Ordinal));
        Assert.Equal(RequestPolicyAction.Audit, Assert.Single(result.RequestPolicies).Action);
    }

    [Fact]
    public void SelectorAndTargets_Together_AreRefused()
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", "{ selector: { matchLabels: { app: a } }, targetRefs: [{ kind: Service, name: s }] }"));
        Assert.Contains(result.Findings, f => f.Field == "spec.selector" && f.Level == FindingLevel.Error);
    }

    [Fact]
    public void UnreadableSelector_DeniesTheNamespace()
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", "{ selector: { matchLabel: { app: a } } }"));
        Assert.Equal(PolicyScope.Namespace, result.Policy("shop/ambient_refused_p")!.Scope);
    }

    [Fact]
    public void PolicyThatSelectsNothing_IsAWarning()
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", "{ selector: { matchLabels: { app: b } } }"));
        Assert.Contains(result.Findings, f => f is { Code: FindingCodes.PolicySelectsNothing, Level: FindingLevel.Warning, Field: "spec.selector" });
    }

    [Fact]
    public void NegationAlone_InAnAllowPolicy_IsAWarningAboutPlaintext()
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", "{ rules: [{ from: [{ source: { notNamespaces: [x] } }] }] }"));
        Assert.Contains(result.Findings, f => f is { Code: FindingCodes.AllowsUnauthenticated, Field: "spec.rules[0].from[0].source" });
    }

    private static AuthorizationPolicy Policy(string spec)
    {
        var result = Mesh.Compile(Pod, Mesh.Authz("shop", "p", spec));
        Assert.DoesNotContain(result.Findings, f => f.Level == FindingLevel.Error);
        return result.Policy("shop/p")!;
    }
}
