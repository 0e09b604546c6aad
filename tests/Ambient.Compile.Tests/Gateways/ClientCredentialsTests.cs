using Ambient.Compile.Reports;
using Ambient.Compile.Tests.Conformance;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Tests.Gateways;

/// <summary>Which proxies get the Secret that a DestinationRule or a Gateway names for calling backends, and what people are told when it is not there.</summary>
public sealed class ClientCredentialsTests
{
    private const string Entry = """
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: bank, namespace: shop, labels: { LABEL } }
        spec: { hosts: [bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{ number: 443, name: https, protocol: HTTP }] }
        """;

    [Fact]
    public void Rule_OfABoundService_GivesTheSecretOfItsNamespaceToItsWaypointAlone()
    {
        var result = Mesh.Compile(
            Bound, Rule("shop", ""), Waypoint("shop", "wp"), Waypoint("shop", "other"), Waypoint("away", "wp"), TestSecret.Of("client", "shop"), TestSecret.Of("client", "away"));

        GatewayCertificate sent = Assert.Single(Certificates(result));
        Assert.Equal(("shop/wp", "shop/client", "shop/wp"), (sent.Gateway.ToString(), sent.Secret.ToString(), sent.OnlyFor.ToString()));
        Assert.Contains("PRIVATE KEY", sent.PrivateKey, StringComparison.Ordinal);
        Assert.Null(sent.Problem);
        Assert.Equal("True ResolvedRefs", Resolved(result));
    }

    [Fact]
    public void Rule_OfAServiceWithoutWaypoint_GivesEachProxyThatItIsInForceFor_TheSecretOfItsOwnNamespace()
    {
        var result = Mesh.Compile(
            Entry.Replace("LABEL", "", StringComparison.Ordinal), Rule("shop", "exportTo: ['.', edge], "), Waypoint("shop", "wp"), Ingress("edge"), Ingress("far"),
            TestSecret.Of("client", "shop"), TestSecret.Of("client", "edge"), TestSecret.Of("client", "far"));

        Assert.Equal(["edge/web edge/client", "shop/wp shop/client"], Certificates(result).Select(c => $"{c.Gateway} {c.Secret}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "there is no Secret shop/client")]
    [InlineData("tls.crt: eA==", "Secret shop/client has no tls.key")]
    public void Secret_MissingOrBad_IsSentAsAProblem_AndTheRuleSaysWhoRefuses(string data, string problem)
    {
        string secret = data.Length == 0 ? "" : $"---\napiVersion: v1\nkind: Secret\nmetadata: {{ name: client, namespace: shop }}\ndata: {{ {data} }}\n";
        var result = Mesh.Compile(Bound, Rule("shop", ""), Waypoint("shop", "wp"), secret);

        GatewayCertificate sent = Assert.Single(Certificates(result));
        Assert.Equal((problem, "", ""), (sent.Problem, sent.Chain, sent.PrivateKey));
        Assert.Equal("False InvalidCredential", Resolved(result));
        Assert.Contains(result.Findings, f => f.Kind == "DestinationRule" && f.Level == FindingLevel.Error && f.Message == $"{problem}; shop/wp refuses connections that need it");
    }

    /// <summary>Else the pair would be shown to whoever has a certificate of the system's authorities.</summary>
    [Fact]
    public void Secret_WithAuthoritiesThatCannotBeRead_IsAProblem_NotOneWithoutAuthorities()
    {
        string secret = TestSecret.Of("client", "shop").Replace("{ tls.crt:", "{ ca.crt: /w==, tls.crt:", StringComparison.Ordinal);

        GatewayCertificate sent = Assert.Single(Certificates(Mesh.Compile(Bound, Rule("shop", ""), Waypoint("shop", "wp"), secret)));

        Assert.Equal(("Secret shop/client has no certificate in ca.crt that can be read", ""), (sent.Problem, sent.PrivateKey));
    }

    [Fact]
    public void Simple_TakesAuthoritiesOfTheSecretOrOfTheOneBesideIt_AndNoKey()
    {
        string authority = TestSecret.Of("client-cacert", "shop").Replace("tls.crt", "cacert", StringComparison.Ordinal);

        var result = Mesh.Compile(Bound, Rule("shop", "", "SIMPLE"), Waypoint("shop", "wp"), authority, TestSecret.Of("client", "shop"));

        GatewayCertificate sent = Assert.Single(Certificates(result));
        Assert.Equal(("", "", null), (sent.Chain, sent.PrivateKey, sent.Problem));
        Assert.Contains("BEGIN CERTIFICATE", sent.Authorities, StringComparison.Ordinal);
    }

    [Fact]
    public void Wildcard_ThatIsItsOwnServiceEntry_HasItsPolicy()
    {
        var result = Mesh.Compile(
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: wild, namespace: shop }
            spec: { hosts: ['*.wild.example'], location: MESH_EXTERNAL, resolution: DYNAMIC_DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: wild, namespace: shop }
            spec: { host: '*.wild.example', trafficPolicy: { tls: { mode: SIMPLE } } }
            """);

        Assert.Equal(Core.Routes.UpstreamTlsMode.Simple, Assert.Single(result.BackendPolicies, p => p.Service == "shop/*.wild.example").Default.Tls?.Mode);
    }

    [Fact]
    public void Gateway_WithACertificateForBackends_GetsIt_AndSaysWhenItIsMissing()
    {
        const string Named = "tls: { backend: { clientCertificateRef: { name: client } } }, ";

        var there = Mesh.Compile(Ingress("edge", Named), TestSecret.Of("client", "edge"));
        var missing = Mesh.Compile(Ingress("edge", Named));

        Assert.Equal(Assert.Single(Certificates(there)).Key, Assert.Single(there.Gateways).BackendCertificate);
        Assert.Equal("True ResolvedRefs", Resolved(there));
        GatewayCertificate problem = Assert.Single(Certificates(missing));
        Assert.Contains("there is no Secret edge/client", problem.Problem, StringComparison.Ordinal);
        Assert.Equal(problem.Key, Assert.Single(missing.Gateways).BackendCertificate);
        Assert.Equal("False InvalidClientCertificateRef", Resolved(missing));
    }

    private static string Bound => Entry.Replace("LABEL", "ambient.dev/use-waypoint: wp", StringComparison.Ordinal);

    private static IEnumerable<GatewayCertificate> Certificates(CompileResult result) => result.Resources.OfType<GatewayCertificate>();

    private static string Resolved(CompileResult result) => Assert.Single(
        result.Status.Where(s => s.Kind is "DestinationRule" or "Gateway").SelectMany(s => s.Conditions), c => c.Type == "ResolvedRefs") is var c ? $"{c.Status} {c.Reason}" : "";

    private static string Rule(string ns, string more, string mode = "MUTUAL") => $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: bank, namespace: {{ns}} }
        spec: { host: bank.example, {{more}}trafficPolicy: { tls: { mode: {{mode}}, credentialName: client } } }
        """;

    private static string Waypoint(string ns, string name) => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
        """;

    private static string Ingress(string ns, string more = "") => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: web, namespace: {{ns}} }
        spec: { gatewayClassName: ambient, {{more}}listeners: [{ name: http, port: 80, protocol: HTTP }] }
        """;
}
