using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Requests;
using Ambient.Policy.Requests;

namespace Ambient.Policy.Tests.Requests;

public class RequestPolicyTests
{
    private const string Web = "spiffe://cluster.local/ns/web/sa/front";

    // Rows: field, its values, does it match the request of Asked().
    [Theory]
    [InlineData("principals", "cluster.local/ns/web/sa/front", true)]
    [InlineData("principals", "cluster.local/ns/web/*", true)]
    [InlineData("principals", "*/sa/front", true)]
    [InlineData("principals", "spiffe://cluster.local/ns/web/sa/front", false)]
    [InlineData("!principals", "cluster.local/ns/web/sa/front", false)]
    [InlineData("!principals", "other", true)]
    [InlineData("namespaces", "web", true)]
    [InlineData("namespaces", "w*b", true)]
    [InlineData("namespaces", "w*x", false)]
    [InlineData("namespaces", "*", true)]
    [InlineData("!namespaces", "shop,web", false)]
    [InlineData("serviceAccounts", "web/front", true)]
    [InlineData("serviceAccounts", "front", false)]
    [InlineData("serviceAccounts", "web/fr.nt", false)]
    [InlineData("serviceAccounts", "web/*", false)]
    [InlineData("trustDomains", "cluster.*", true)]
    [InlineData("requestPrincipals", "*", true)]
    [InlineData("requestPrincipals", "https://issuer.example/alice", true)]
    [InlineData("requestPrincipals", "https://issuer.example/*", true)]
    [InlineData("requestPrincipals", "*/alice", true)]
    [InlineData("requestPrincipals", "*ice", true)]
    [InlineData("requestPrincipals", "https*", true)]
    [InlineData("requestPrincipals", "https://issuer.example/bob", false)]
    [InlineData("!requestPrincipals", "*", false)]
    [InlineData("ipBlocks", "10.1.0.0/16", true)]
    [InlineData("ipBlocks", "10.1.2.3", true)]
    [InlineData("ipBlocks", "203.0.113.9", false)]
    [InlineData("remoteIpBlocks", "203.0.113.0/24", true)]
    [InlineData("!remoteIpBlocks", "203.0.113.9", false)]
    [InlineData("hosts", "orders.shop", false)]
    [InlineData("hosts", "ORDERS.shop:8080", true)]
    [InlineData("hosts", "orders.*", true)]
    [InlineData("!hosts", "other", true)]
    [InlineData("ports", "9080", true)]
    [InlineData("ports", "8080", false)]
    [InlineData("!ports", "9080", false)]
    [InlineData("methods", "POST", true)]
    [InlineData("methods", "post", false)]
    [InlineData("methods", "GET,P*", true)]
    [InlineData("!methods", "GET", true)]
    [InlineData("paths", "/api/orders/7/status", true)]
    [InlineData("paths", "/api/*", true)]
    [InlineData("paths", "*/status", true)]
    [InlineData("paths", "*", true)]
    [InlineData("paths", "/api/orders/*/status", true)]
    [InlineData("paths", "/api/orders/{*}/status", true)]
    [InlineData("paths", "/api/{**}", true)]
    [InlineData("paths", "/api/{*}", false)]
    [InlineData("!paths", "/api/orders/*/status", false)]
    [InlineData("when source.ip", "10.0.0.0/8", true)]
    [InlineData("when !source.ip", "10.0.0.0/8", false)]
    [InlineData("when remote.ip", "203.0.113.9", true)]
    [InlineData("when source.namespace", "web", true)]
    [InlineData("when source.principal", "*front", true)]
    [InlineData("when source.serviceAccount", "web/front", true)]
    [InlineData("when source.trustDomain", "cluster.local", true)]
    [InlineData("when destination.ip", "10.9.0.5", true)]
    [InlineData("when destination.port", "9080", true)]
    [InlineData("when connection.sni", "orders.*", true)]
    [InlineData("when request.headers[X-Role]", "admin", true)]
    [InlineData("when request.headers[x-role]", "adm*", true)]
    [InlineData("when request.headers[x-role]", "*", true)]
    [InlineData("when request.headers[x-none]", "*", false)]
    [InlineData("when !request.headers[x-none]", "*", true)]
    [InlineData("when request.auth.principal", "https://issuer.example/alice", true)]
    [InlineData("when request.auth.audiences", "orders", true)]
    [InlineData("when request.auth.presenter", "cli", true)]
    [InlineData("when request.auth.claims[groups]", "staff", true)]
    [InlineData("when request.auth.claims[groups]", "st*", true)]
    [InlineData("when request.auth.claims[realm][role]", "owner", true)]
    [InlineData("when request.auth.claims[scope]", "write", true)]
    [InlineData("when request.auth.claims[scope]", "read write", false)]
    [InlineData("when request.auth.claims[nope]", "*", false)]
    public void Field_OfAnAllow_MatchesOrNot(string field, string values, bool matches)
    {
        RequestPolicySet set = RequestPolicySet.Of([Policy(RequestPolicyAction.Allow, Rule(field, values.Split(',')))]);
        Assert.Equal(matches, set.Decide(Asked()).Allowed);
    }

    [Theory]
    [InlineData("/api/orders/*/status", "/api/orders/7/status", true)]
    [InlineData("/api/orders/*/status", "/api/orders//status", false)]
    [InlineData("/api/orders/*/status", "/api/orders/7/8/status", false)]
    [InlineData("/api/orders/*/status", "/api/orders/7/status/x", false)]
    [InlineData("/api/orders/*/status", "/api/orders/7/statusx", false)]
    [InlineData("/a/*/b*", "/a/x/bc/d", true)]
    [InlineData("/a/*/*", "/a/x/y/z", true)]
    [InlineData("/a/*/b/*/c", "/a/1/b/2/c", true)]
    [InlineData("/a/{*}", "/a/x", true)]
    [InlineData("/a/{*}", "/a/", false)]
    [InlineData("/a/{*}", "/a/x/y", false)]
    [InlineData("/a/{**}", "/a/", true)]
    [InlineData("/a/{**}", "/a/x/y", true)]
    [InlineData("/a/{**}", "/a", false)]
    [InlineData("/a/{*}/b/{**}", "/a/x/b/c", true)]
    [InlineData("/caf\u00e9*", "/caf%C3%A9/x", true)]
    [InlineData("/%61dmin", "/admin", true)]
    [InlineData("/a/*", "/a/b/c", true)]
    [InlineData("/a", "/a/", false)]
    public void Path_Grammar_AsDocumented(string value, string path, bool matches)
    {
        RequestPolicySet set = RequestPolicySet.Of([Policy(RequestPolicyAction.Allow, Rule("paths", value))]);
        Assert.Equal(matches, set.Decide(Asked() with { Path = path }).Allowed);
    }

    [Theory]
    [InlineData("paths", "/a/{**}/b")]
    [InlineData("paths", "/a/{x}/{*}")]
    [InlineData("paths", "/a/b{*}")]
    [InlineData("paths", "a/*/b")]
    [InlineData("ports", "0")]
    [InlineData("ports", "http")]
    [InlineData("ipBlocks", "10.0.0.0/33")]
    [InlineData("ipBlocks", "not-an-address")]
    [InlineData("!ipBlocks", "10.0.0")]
    [InlineData("when request.nope", "x")]
    [InlineData("when request.headers", "x")]
    [InlineData("when experimental.envoy.filters.x[y]", "x")]
    public void Field_NotUnderstood_NeverWidensAndIsReported(string field, string value)
    {
        RequestPolicy allow = Policy(RequestPolicyAction.Allow, Rule(field, value));
        Assert.False(RequestPolicySet.Of([allow]).Decide(Asked()).Allowed);
        Assert.False(RequestPolicySet.Of([allow with { Action = RequestPolicyAction.Deny }]).Decide(Asked()).Allowed);
        RequestPolicyProblem problem = Assert.Single(RequestPolicyCheck.Problems(allow));
        Assert.StartsWith("spec.rules[0].", problem.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyConditionOrSource_NeverWidens()
    {
        RequestRule[] rules =
        [
            new() { From = [new RequestSource()] },
            new() { To = [new RequestOperation()] },
            new() { When = [new RequestCondition { Key = "source.ip" }] },
        ];
        Assert.All(rules, rule =>
        {
            Assert.False(RequestPolicySet.Of([Policy(RequestPolicyAction.Allow, rule)]).Decide(Asked()).Allowed);
            Assert.False(RequestPolicySet.Of([Policy(RequestPolicyAction.Deny, rule)]).Decide(Asked()).Allowed);
        });
    }

    // Rows: policies in the order given, decision, who.
    [Theory]
    [InlineData("", DecisionKind.AllowedWithoutPolicies, null)]
    [InlineData("DENY POST", DecisionKind.DeniedByPolicy, "shop/p0")]
    [InlineData("DENY GET", DecisionKind.AllowedWithoutPolicies, null)]
    [InlineData("ALLOW GET", DecisionKind.DeniedWithoutMatch, "shop/p0")]
    [InlineData("ALLOW POST", DecisionKind.AllowedByPolicy, "shop/p0")]
    [InlineData("ALLOW GET;ALLOW POST", DecisionKind.AllowedByPolicy, "shop/p1")]
    [InlineData("ALLOW POST;DENY POST", DecisionKind.DeniedByPolicy, "shop/p1")]
    [InlineData("ALLOW -", DecisionKind.DeniedWithoutMatch, "shop/p0")]
    [InlineData("ALLOW *", DecisionKind.AllowedByPolicy, "shop/p0")]
    [InlineData("DENY -", DecisionKind.AllowedWithoutPolicies, null)]
    [InlineData("AUDIT POST", DecisionKind.AllowedWithoutPolicies, null)]
    [InlineData("DENY? POST", DecisionKind.AllowedWithoutPolicies, null)]
    [InlineData("ALLOW? GET", DecisionKind.AllowedWithoutPolicies, null)]
    [InlineData("CUSTOM POST;ALLOW POST", DecisionKind.AllowedByPolicy, "shop/p1")]
    [InlineData("ALLOW GET;ALLOW PUT", DecisionKind.DeniedWithoutMatch, null)]
    public void Policies_Several_DecideInOrder(string policies, DecisionKind kind, string? key)
    {
        RequestDecision decision = Set(policies).Decide(Asked());
        Assert.Equal((kind, key), (decision.Kind, decision.PolicyKey));
    }

    [Fact]
    public void Decision_ByARule_NamesPolicyRuleAndClause()
    {
        RequestPolicy policy = Policy(
            RequestPolicyAction.Deny,
            Rule("methods", "GET"),
            new RequestRule
            {
                From = [new RequestSource { Namespaces = ["x"] }, new RequestSource { Namespaces = ["web"] }],
                To = [new RequestOperation { Methods = ["POST"] }],
            });
        RequestDecision decision = RequestPolicySet.Of([policy]).Decide(Asked());
        Assert.Equal((1, "from[1] to[0]"), (decision.RuleIndex, decision.Clause));
        Assert.Equal("denied by AuthorizationPolicy shop/p rule 1 (from[1] to[0])", decision.Reason);
    }

    [Fact]
    public void Notes_OfAuditAndDryRun_AreThoseThatMatch()
    {
        ImmutableArray<RequestVerdict> notes = Set("AUDIT POST;DENY? POST;AUDIT GET;ALLOW POST").Notes(Asked());
        Assert.Equal([("shop/p0", false), ("shop/p1", true)], notes.Select(n => (n.PolicyKey, n.DryRun)));
    }

    [Fact]
    public void Explain_OfADenial_SaysWhatEachRuleLacks()
    {
        RequestVerdict verdict = Assert.Single(Set("ALLOW GET").Explain(Asked()));
        Assert.True(verdict.Decided);
        Assert.Equal("rule 0: to[0].operation.methods does not hold", verdict.Reason);
    }

    [Fact]
    public void Providers_OfCustomPolicies_OnlyThoseThatMatch()
    {
        RequestPolicySet set = RequestPolicySet.Of(
        [
            Policy(RequestPolicyAction.Custom, Rule("methods", "POST")) with { Provider = "opa" },
            Policy(RequestPolicyAction.Custom, Rule("methods", "GET")) with { Provider = "other" },
        ]);
        Assert.Equal(["opa"], set.ProvidersFor(Asked()));
    }

    // CVE-2026-73553, CVE-2021-31920: a backend may cut parameters or merge slashes.
    [Theory]
    [InlineData(RequestPolicyAction.Deny, "/admin/*", "/admin;x/secret", "/admin/secret", false)]
    [InlineData(RequestPolicyAction.Deny, "/admin", "//admin", "/admin", false)]
    [InlineData(RequestPolicyAction.Deny, "/other", "//admin", "/admin", true)]
    [InlineData(RequestPolicyAction.Allow, "/public*", "/public;/../x", "/public/x", true)]
    [InlineData(RequestPolicyAction.Allow, "/admin;x*", "/admin;x/secret", "/admin/secret", false)]
    public void Path_ReadInTwoWays_PolicyHoldsForBoth(RequestPolicyAction action, string value, string path, string lenient, bool allowed)
    {
        RequestPolicySet set = RequestPolicySet.Of([Policy(action, Rule("paths", value))]);
        Assert.Equal(allowed, set.Decide(Asked() with { Path = path, LenientPath = lenient }).Allowed);
    }

    [Fact]
    public void Deny_ByHostOrHeader_IsNotLedAround()
    {
        RequestPolicySet host = RequestPolicySet.Of([Policy(RequestPolicyAction.Deny, Rule("hosts", "orders.shop"))]);
        Assert.False(host.Decide(Asked()).Allowed);
        Assert.False(host.Decide(Asked() with { Authority = "Orders.Shop.:80" }).Allowed);
        RequestPolicySet header = RequestPolicySet.Of([Policy(RequestPolicyAction.Deny, Rule("when request.headers[x-role]", "admin"))]);
        Assert.False(header.Decide(Asked() with { Headers = new Lines("guest,admin") }).Allowed);
    }

    [Fact]
    public void Caller_WithoutIdentityTokenOrPath_OnlyNegationsHold()
    {
        AuthorizationRequest nobody = Asked() with { Peer = PeerIdentity.Plaintext, Token = null, Path = null };
        Assert.All((string[])["principals", "namespaces", "serviceAccounts", "trustDomains", "requestPrincipals", "paths"], field =>
        {
            Assert.False(RequestPolicySet.Of([Policy(RequestPolicyAction.Allow, Rule(field, "*"))]).Decide(nobody).Allowed);
            Assert.True(RequestPolicySet.Of([Policy(RequestPolicyAction.Allow, Rule("!" + field, "*"))]).Decide(nobody).Allowed);
        });
    }

    // Field manifests 07 and 19 together.
    [Theory]
    [InlineData("POST", "/api/orders", "cluster.local/ns/default/sa/payment-service", true)]
    [InlineData("POST", "/api/orders", "cluster.local/ns/default/sa/other", false)]
    [InlineData("GET", "/api/orders/42/status", "cluster.local/ns/default/sa/other", true)]
    [InlineData("GET", "/api/orders", "cluster.local/ns/default/sa/payment-service", false)]
    [InlineData("DELETE", "/api/orders/42/status", "cluster.local/ns/default/sa/payment-service", false)]
    public void OrdersPolicy_BesideDenyAll_LetsExactlyItsRequestsThrough(string method, string path, string caller, bool allowed)
    {
        RequestPolicy orders = Policy(
            RequestPolicyAction.Allow,
            new RequestRule
            {
                From = [new RequestSource { Principals = ["cluster.local/ns/default/sa/payment-service"] }],
                To = [new RequestOperation { Methods = ["POST"], Paths = ["/api/orders"] }],
            },
            new RequestRule { To = [new RequestOperation { Methods = ["GET"], Paths = ["/api/orders/*/status"] }] });
        RequestPolicySet set = RequestPolicySet.Of([orders, Policy(RequestPolicyAction.Allow)]);
        AuthorizationRequest asked = Asked() with
        {
            Method = method,
            Path = path,
            Peer = new PeerIdentity.Verified(SpiffeId.Parse("spiffe://" + caller)),
        };
        Assert.Equal(allowed, set.Decide(asked).Allowed);
    }

    private static RequestPolicySet Set(string text) => RequestPolicySet.Of(text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select((p, i) =>
    {
        string[] parts = p.Split(' ');
        RequestRule[] rules = parts[1] switch { "-" => [], "*" => [new RequestRule()], var methods => [Rule("methods", methods)] };
        return Policy(Enum.Parse<RequestPolicyAction>(parts[0].TrimEnd('?'), ignoreCase: true), rules) with
        {
            Name = new NamespacedName("shop", $"p{i}"),
            DryRun = parts[0].EndsWith('?'),
        };
    }));

    private static RequestPolicy Policy(RequestPolicyAction action, params RequestRule[] rules) =>
        new() { Name = new NamespacedName("shop", "p"), Action = action, Rules = [.. rules] };

    private static RequestRule Rule(string field, params string[] values)
    {
        ImmutableArray<string> v = [.. values];
        if (field.StartsWith("when ", StringComparison.Ordinal))
        {
            string key = field[5..];
            return new RequestRule
            {
                When = [key.StartsWith('!') ? new RequestCondition { Key = key[1..], NotValues = v } : new RequestCondition { Key = key, Values = v }],
            };
        }

        RequestSource? source = field switch
        {
            "principals" => new() { Principals = v },
            "!principals" => new() { NotPrincipals = v },
            "namespaces" => new() { Namespaces = v },
            "!namespaces" => new() { NotNamespaces = v },
            "serviceAccounts" => new() { ServiceAccounts = v },
            "!serviceAccounts" => new() { NotServiceAccounts = v },
            "trustDomains" => new() { TrustDomains = v },
            "!trustDomains" => new() { NotTrustDomains = v },
            "requestPrincipals" => new() { RequestPrincipals = v },
            "!requestPrincipals" => new() { NotRequestPrincipals = v },
            "ipBlocks" => new() { IpBlocks = v },
            "!ipBlocks" => new() { NotIpBlocks = v },
            "remoteIpBlocks" => new() { RemoteIpBlocks = v },
            "!remoteIpBlocks" => new() { NotRemoteIpBlocks = v },
            _ => null,
        };
        return source is not null ? new RequestRule { From = [source] } : new RequestRule { To = [Operation(field, v)] };
    }

    private static RequestOperation Operation(string field, ImmutableArray<string> v) => field switch
    {
        "hosts" => new() { Hosts = v },
        "!hosts" => new() { NotHosts = v },
        "ports" => new() { Ports = v },
        "!ports" => new() { NotPorts = v },
        "methods" => new() { Methods = v },
        "!methods" => new() { NotMethods = v },
        "paths" => new() { Paths = v },
        "!paths" => new() { NotPaths = v },
        _ => throw new ArgumentException($"unknown field {field}"),
    };

    private static AuthorizationRequest Asked() => new()
    {
        Peer = new PeerIdentity.Verified(SpiffeId.Parse(Web)),
        SourceAddress = IPAddress.Parse("10.1.2.3"),
        RemoteAddress = IPAddress.Parse("203.0.113.9"),
        Destination = new IPEndPoint(IPAddress.Parse("10.9.0.5"), 9080),
        Method = "POST",
        Authority = "orders.shop:8080",
        Path = "/api/orders/7/status",
        Headers = new Lines("admin"),
        ServerName = "orders.shop",
        Token = new RequestToken(JsonElement.Parse(
            """
            {"iss":"https://issuer.example","sub":"alice","aud":["orders","x"],"azp":"cli","groups":["staff"],"realm":{"role":"owner"},"scope":"read write"}
            """)),
    };

    private sealed class Lines(string role) : IRequestHeaders
    {
        public string? ValueOf(string name) => name == "x-role" ? role : null;
    }
}
