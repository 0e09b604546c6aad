namespace Ambient.Compile.Tests.Conformance;

/// <summary>Weights, backends that are not there or may not be used, and what the route's status says of them.</summary>
public sealed class BackendTests
{
    private const string Http = "{ name: http, port: 80, protocol: HTTP, %all }";

    private static readonly string Other = "---\napiVersion: v1\nkind: Namespace\nmetadata: { name: app }\n" + GatewayWorld.Service("app-backend", "app");

    [Theory]
    [InlineData("{ name: infra-backend-v1, port: 8080, weight: 70 }, { name: infra-backend-v2, port: 8080, weight: 30 }, { name: infra-backend-v3, port: 8080, weight: 0 }", "v1=70 v2=30 v3=0", "True ResolvedRefs")]
    [InlineData("{ name: infra-backend-v1, port: 8080 }, { name: missing, port: 8080 }", "v1=1 500=1", "False BackendNotFound")]
    [InlineData("{ name: missing, port: 8080 }", "500", "False BackendNotFound")]
    [InlineData("{ name: infra-backend-v1, port: 9 }", "500", "False BackendNotFound")]
    [InlineData("{ name: infra-backend-v1, port: 8080, kind: NonExistent, group: unknownkind.example.com }", "500", "False InvalidKind")]
    [InlineData("{ name: app-backend, namespace: app, port: 8080 }", "500", "False RefNotPermitted")]
    [InlineData("{ name: infra-backend-v1, port: 8080, weight: 0 }", "500", "True ResolvedRefs")]
    [InlineData("{ name: infra-backend-v1, port: 8080, weight: 0 }, { name: infra-backend-v2, port: 8080, weight: 0 }", "500", "True ResolvedRefs")]
    [InlineData("", "500", "True ResolvedRefs")]
    public void Backends_OfARule_AnswerForTheirShares(string backends, string answer, string resolved)
    {
        GatewayWorld world = new(Other, GatewayWorld.GatewayOf(Http), GatewayWorld.Route($"{{ backendRefs: [{backends}] }}"));

        Assert.Equal(answer, world.Ask("a.example", "/"));
        Assert.Equal(("True Accepted", resolved), (world.Condition("route", "Accepted"), world.Condition("route", "ResolvedRefs")));
    }

    [Theory]
    [InlineData("HTTPRoute", GatewayWorld.Infra, "Service", "", "app-backend", "True ResolvedRefs")]
    [InlineData("HTTPRoute", GatewayWorld.Infra, "Service", ", name: app-backend", "app-backend", "True ResolvedRefs")]
    [InlineData("HTTPRoute", GatewayWorld.Infra, "Service", ", name: other", "500", "False RefNotPermitted")]
    [InlineData("HTTPRoute", "elsewhere", "Service", "", "500", "False RefNotPermitted")]
    [InlineData("GRPCRoute", GatewayWorld.Infra, "Service", "", "500", "False RefNotPermitted")]
    [InlineData("HTTPRoute", GatewayWorld.Infra, "Secret", "", "500", "False RefNotPermitted")]
    public void Backend_OfAnotherNamespace_NeedsAGrantThatMeansIt(string fromKind, string fromNamespace, string toKind, string name, string answer, string resolved)
    {
        GatewayWorld world = new(Other, GatewayWorld.GatewayOf(Http), GatewayWorld.Route("{ backendRefs: [{ name: app-backend, namespace: app, port: 8080 }] }"), $$"""
            ---
            apiVersion: gateway.networking.k8s.io/v1beta1
            kind: ReferenceGrant
            metadata: { name: grant, namespace: app }
            spec: { from: [{ group: gateway.networking.k8s.io, kind: {{fromKind}}, namespace: {{fromNamespace}} }], to: [{ group: "", kind: {{toKind}}{{name}} }] }
            """);

        Assert.Equal(answer, world.Ask("a.example", "/"));
        Assert.Equal(resolved, world.Condition("route", "ResolvedRefs"));
    }

    [Fact]
    public void Rule_WithABackendThatMayNotBeUsed_DoesNotDisturbTheOthers()
    {
        GatewayWorld world = new(Other, GatewayWorld.GatewayOf(Http), GatewayWorld.Route(
            "{ matches: [{ path: { value: / } }], backendRefs: [{ name: app-backend, namespace: app, port: 8080 }] }, { matches: [{ path: { value: /v2 } }], %v1 }"));

        Assert.Equal(("500", "v1"), (world.Ask("a.example", "/"), world.Ask("a.example", "/v2")));
        Assert.Equal("False RefNotPermitted", world.Condition("route", "ResolvedRefs"));
    }

    [Theory]
    [InlineData("{ name: gw }", "app", "", "False NotAllowedByListeners")]
    [InlineData("{ name: gw, sectionName: nowhere }", GatewayWorld.Infra, "%all", "False NoMatchingParent")]
    [InlineData("{ name: gw, port: 81 }", GatewayWorld.Infra, "%all", "False NoMatchingParent")]
    [InlineData("{ name: gw }", "app", "%all", "True Accepted")]
    public void Route_OfAParent_IsAcceptedAsItsListenersAllow(string parent, string ns, string allowed, string accepted)
    {
        GatewayWorld world = new(
            Other, GatewayWorld.GatewayOf($"{{ name: http, port: 80, protocol: HTTP{(allowed.Length == 0 ? "" : ", " + allowed)} }}"),
            GatewayWorld.Route("{ %v1 }", ns: ns, parents: parent.Replace("{ name", $"{{ namespace: {GatewayWorld.Infra}, name", StringComparison.Ordinal)));

        Assert.Equal(accepted, world.Condition("route", "Accepted"));
        Assert.Equal(accepted == "True Accepted" ? 1 : 0, world.Listener("http").AttachedRoutes);
    }

    [Fact]
    public void Route_AtSeveralParents_HasAStatusForEach()
    {
        GatewayWorld world = new(
            GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }, { name: alt, port: 8080, protocol: HTTP }"),
            GatewayWorld.Route("{ %v1 }", parents: "{ name: gw, sectionName: http }, { name: gw, sectionName: nowhere }, { name: gw, sectionName: alt }"));

        Assert.Equal(
            ["True Accepted", "False NoMatchingParent", "True Accepted"], new[] { 0, 1, 2 }.Select(p => world.Condition("route", "Accepted", p)));
        Assert.Equal(("v1", "v1"), (world.Ask("a.example", "/"), world.Ask("a.example", "/", port: 8080)));
    }
}
