namespace Ambient.Compile.Tests.Conformance;

/// <summary>Routes whose parent is a Service (GAMMA, GEP-1294).</summary>
public sealed class MeshRouteTests
{
    private const string Parent = "{ group: '', kind: Service, name: infra-backend-v1 }";

    private static readonly GatewayWorld Producer = new(GatewayWorld.Route(
        "{ matches: [{ path: { type: Exact, value: /exact } }, { headers: [{ name: version, value: two }] }], %v2 }, { matches: [{ path: { value: /split } }], backendRefs: [{ name: infra-backend-v1, port: 8080, weight: 9 }, { name: infra-backend-v2, port: 8080 }] }, "
        + "{ matches: [{ path: { value: /moved } }], filters: [{ type: RequestRedirect, requestRedirect: { hostname: example.org, statusCode: 301 } }] }, { matches: [{ queryParams: [{ name: animal, value: whale }] }], %v3 }",
        parents: Parent, hosts: "ignored.example"));

    [Theory]
    [InlineData("/exact", "", "v2")]
    [InlineData("/other", "version: two", "v2")]
    [InlineData("/split/a", "", "v1=9 v2=1")]
    [InlineData("/moved", "", "301 http://example.org:8080/moved")]
    [InlineData("/any?animal=whale", "", "v3")]
    [InlineData("/any", "", "404")]
    public void Request_ToAServiceWithARoute_HasNoOtherWay(string path, string headers, string answer) => Assert.Equal(answer, Producer.AskMesh("infra-backend-v1", path, headers: headers));

    [Fact]
    public void Request_ToAServiceWithoutARoute_GoesToIt() => Assert.Equal("infra-backend-v2", Producer.AskMesh("infra-backend-v2", "/"));

    [Theory]
    [InlineData("client", "v3")]
    [InlineData("other", "v2")]
    [InlineData(GatewayWorld.Infra, "v2")]
    [InlineData(null, "v2")]
    public void ConsumerRoute_OfANamespace_IsForItsClientsAlone(string? client, string answer)
    {
        GatewayWorld world = new(
            GatewayWorld.Route("{ %v2 }", "producer", parents: Parent),
            GatewayWorld.Route($"{{ backendRefs: [{{ name: infra-backend-v3, namespace: {GatewayWorld.Infra}, port: 8080 }}] }}", "consumer", parents: Parent.Replace("name:", $"namespace: {GatewayWorld.Infra}, name:", StringComparison.Ordinal), ns: "client"));

        Assert.Equal(answer, world.AskMesh("infra-backend-v1", "/", client));
        Assert.Equal("True ResolvedRefs", world.Condition("consumer", "ResolvedRefs"));
    }

    [Theory]
    [InlineData("port: 8080", "True Accepted", "v2")]
    [InlineData("port: 9", "False NoMatchingParent", "infra-backend-v1")]
    public void Route_OfAPort_IsForThatPort(string port, string accepted, string answer)
    {
        GatewayWorld world = new(GatewayWorld.Route("{ %v2 }", parents: Parent.Replace(" }", $", {port} }}", StringComparison.Ordinal)));

        Assert.Equal((accepted, answer), (world.Condition("route", "Accepted"), world.AskMesh("infra-backend-v1", "/")));
    }
}
