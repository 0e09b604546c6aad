using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Tests.Conformance;

/// <summary>ListenerSets at a Gateway: who may add, who comes first, which routes are where, and what each status says.</summary>
public sealed class ListenerSetTests
{
    private const string Own = "{ name: web, port: 80, protocol: HTTP, hostname: gw.example, %all }";

    private static readonly GatewayWorld Routed = new(
        Gateway("from: All"), Set("set-1", "infra-b", "{ name: one, port: 80, protocol: HTTP, hostname: one.example, %all }, { name: two, port: 80, protocol: HTTP, hostname: two.example, %all }"),
        Set("set-2", GatewayWorld.Infra, "{ name: one, port: 8080, protocol: HTTP, %all }"),
        GatewayWorld.Route("{ %v1 }", "all", parents: $"{{ name: gw }}, {Parent("set-1", "infra-b")}, {Parent("set-2")}"),
        GatewayWorld.Route("{ matches: [{ path: { value: /gw } }], %v2 }", "gateway"),
        GatewayWorld.Route("{ matches: [{ path: { value: /set } }], %v2 }", "set", parents: Parent("set-1", "infra-b")),
        GatewayWorld.Route("{ matches: [{ path: { value: /section } }], %v3 }", "section", parents: Parent("set-1", "infra-b", ", sectionName: two")),
        GatewayWorld.Route("{ matches: [{ path: { value: /port } }], %v3 }", "port", parents: Parent("set-2", more: ", port: 8080")),
        GatewayWorld.Route("{ %v3 }", "no-section", parents: Parent("set-2", more: ", sectionName: three")),
        GatewayWorld.Route("{ %v3 }", "both", parents: $"{{ name: gw, sectionName: none }}, {Parent("set-2")}"),
        GatewayWorld.Route("{ %v3 }", "nowhere", parents: Parent("set-9")));

    [Theory]
    [InlineData("gw.example", "/", 80, "v1")]
    [InlineData("one.example", "/", 80, "v1")]
    [InlineData("any.example", "/", 8080, "v1")]
    [InlineData("gw.example", "/gw", 80, "v2")]
    [InlineData("one.example", "/gw", 80, "v1")]
    [InlineData("one.example", "/set", 80, "v2")]
    [InlineData("two.example", "/set", 80, "v2")]
    [InlineData("gw.example", "/set", 80, "v1")]
    [InlineData("two.example", "/section", 80, "v3")]
    [InlineData("one.example", "/section", 80, "v1")]
    [InlineData("any.example", "/port", 8080, "v3")]
    [InlineData("three.example", "/", 80, "404")]
    public void Request_ToAListenerOfASet_MeetsTheRoutesOfThatSetAlone(string host, string path, int port, string answer) => Assert.Equal(answer, Routed.Ask(host, path, port: port));

    [Theory]
    [InlineData("all", 0, "True Accepted")]
    [InlineData("all", 1, "True Accepted")]
    [InlineData("all", 2, "True Accepted")]
    [InlineData("port", 0, "True Accepted")]
    [InlineData("no-section", 0, "False NoMatchingParent")]
    [InlineData("both", 0, "False NoMatchingParent")]
    [InlineData("both", 1, "True Accepted")]
    public void Route_WithASetAsParent_IsJudgedForEachParentByItself(string route, int parent, string accepted) => Assert.Equal(accepted, Routed.Condition(route, "Accepted", parent));

    [Fact]
    public void Route_ToASetThatIsNotThere_IsReportedAsUnattached() =>
        Assert.Contains(Routed.Result.Findings, f => f is { Name: "nowhere", Code: FindingCodes.NotAttached } && f.Message.Contains("ListenerSet gateway-conformance-infra/set-9", StringComparison.Ordinal));

    [Theory]
    [InlineData("set-1", "one", 2)]
    [InlineData("set-1", "two", 3)]
    [InlineData("set-2", "one", 3)]
    public void Listener_OfASet_CountsItsRoutes(string set, string listener, int attached) =>
        Assert.Equal(attached, Report(Routed.Result, set).Listeners.Single(l => l.Name == listener).AttachedRoutes);

    [Fact]
    public void Gateway_WithSets_CountsThemAndSpeaksOfItsOwnListenersOnly()
    {
        var report = Report(Routed.Result, "gw");
        Assert.Equal(2, report.AttachedListenerSets);
        Assert.Equal("web", Assert.Single(report.Listeners).Name);
        Assert.Equal(["web", "infra-b/set-1/one", "infra-b/set-1/two", "gateway-conformance-infra/set-2/one"], Served(Routed.Result).Select(l => l.Name).Order(StringComparer.Ordinal).OrderBy(n => n switch { "web" => 0, _ when n.StartsWith("infra-b", StringComparison.Ordinal) => 1, _ => 2 }));
    }

    [Theory]
    [InlineData(null, GatewayWorld.Infra, "False NotAllowed", "False NotAllowed", 0)]
    [InlineData("from: None", GatewayWorld.Infra, "False NotAllowed", "False NotAllowed", 0)]
    [InlineData("from: Same", GatewayWorld.Infra, "True Accepted", "False ParentNotProgrammed", 1)]
    [InlineData("from: Same", "team", "False NotAllowed", "False NotAllowed", 0)]
    [InlineData("from: All", "team", "True Accepted", "False ParentNotProgrammed", 1)]
    [InlineData("from: Selector, selector: { matchLabels: { listeners: allowed } }", "team", "True Accepted", "False ParentNotProgrammed", 1)]
    [InlineData("from: Selector, selector: { matchLabels: { listeners: other } }", "team", "False NotAllowed", "False NotAllowed", 0)]
    [InlineData("from: Selector", "team", "False NotAllowed", "False NotAllowed", 0)]
    [InlineData("from: Selector, selector: { matchLabels: { listeners: allowed } }", "unlabelled", "False NotAllowed", "False NotAllowed", 0)]
    public void Set_OfANamespace_IsTakenAsTheGatewayAllows(string? allowed, string ns, string accepted, string programmed, int attached)
    {
        var result = new GatewayWorld(Mesh.Namespace("team", "{ listeners: allowed }"), allowed is null ? GatewayWorld.GatewayOf(Own) : Gateway(allowed), Set("set", ns, "{ name: x, port: 8081, protocol: HTTP }")).Result;

        Assert.Equal((accepted, programmed, attached), (Text(result, "set", "Accepted"), Text(result, "set", "Programmed"), Report(result, "gw").AttachedListenerSets));
        Assert.Equal(attached > 0, Served(result).Any(l => l.Port == 8081));
        Assert.Equal(attached == 0, result.Findings.Any(f => f is { Name: "set", Code: FindingCodes.NotAttached }));
    }

    [Fact]
    public void Set_WhoseGatewayIsProgrammed_IsProgrammed()
    {
        const string parts = """
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: gw-ambient, namespace: gateway-conformance-infra, labels: { gateway.networking.k8s.io/gateway-name: gw } }
            spec: { clusterIP: 10.96.0.9, selector: { gateway.networking.k8s.io/gateway-name: gw }, ports: [{ port: 80 }] }
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: gw-1, namespace: gateway-conformance-infra, labels: { gateway.networking.k8s.io/gateway-name: gw } }
            spec: { containers: [{ name: proxy }] }
            status: { phase: Running, podIP: 10.0.0.9, conditions: [{ type: Ready, status: "True" }] }
            """;
        var result = new GatewayWorld(Gateway("from: All"), Set("set", "team", "{ name: x, port: 8081, protocol: HTTP }"), parts).Result;

        Assert.Equal("True Programmed", Text(result, "set", "Programmed"));
        Assert.Equal("True Programmed", Of(result, "set", "x", "Programmed"));
    }

    [Theory]
    [InlineData("{ name: x, port: 80, protocol: HTTP, hostname: gw.example }", "HostnameConflict")]
    [InlineData("{ name: web, port: 80, protocol: HTTP, hostname: gw.example }", "HostnameConflict")]
    [InlineData("{ name: x, port: 80, protocol: TCP }", "ProtocolConflict")]
    [InlineData("{ name: web, port: 80, protocol: TCP }", "ProtocolConflict")]
    [InlineData("{ name: x, port: 15021, protocol: HTTP }", "PortUnavailable")]
    [InlineData("{ name: x, port: 8081, protocol: SCTP }", "UnsupportedProtocol")]
    public void Set_WhoseOnlyListenerCannotBe_IsNotAccepted(string listener, string reason)
    {
        var result = new GatewayWorld(Gateway("from: All"), Set("set", "team", listener)).Result;

        Assert.Equal(("False ListenersNotValid", "False ListenersNotValid"), (Text(result, "set", "Accepted"), Text(result, "set", "Programmed")));
        string name = Assert.Single(Report(result, "set").Listeners).Name;
        Assert.Equal($"False {reason}", Of(result, "set", name, "Accepted"));
        bool conflict = reason.EndsWith("Conflict", StringComparison.Ordinal);
        Assert.Equal(conflict ? $"True {reason}" : "False NoConflicts", Of(result, "set", name, "Conflicted"));
        Assert.Equal(conflict ? $"False {reason}" : "False Invalid", Of(result, "set", name, "Programmed"));
        Assert.Equal(0, Report(result, "gw").AttachedListenerSets);
        Assert.Equal("web", Assert.Single(Served(result)).Name);
    }

    [Fact]
    public void Sets_WithTheSameHost_OldestThenFirstByNamespaceWins()
    {
        const string listener = "{ name: x, port: 80, protocol: HTTP, hostname: '*.shared.example' }";
        var result = new GatewayWorld(
            Gateway("from: All"), Set("young", "a", listener, "2026-01-03T00:00:00Z"), Set("equal", "c", listener, "2026-01-02T00:00:00Z"),
            Set("old", "b", listener + ", { name: y, port: 80, protocol: HTTP, hostname: y.example }", "2026-01-02T00:00:00Z"),
            Set("part", "d", "{ name: x, port: 80, protocol: HTTP, hostname: y.example }, { name: own, port: 80, protocol: HTTP, hostname: part.example }", "2026-01-03T00:00:00Z")).Result;

        Assert.Equal("True Accepted", Text(result, "old", "Accepted"));
        Assert.Equal("False ListenersNotValid", Text(result, "equal", "Accepted"));
        Assert.Equal("False ListenersNotValid", Text(result, "young", "Accepted"));
        Assert.Equal("True ListenersNotValid", Text(result, "part", "Accepted"));
        Assert.Equal(("True HostnameConflict", "False NoConflicts"), (Of(result, "part", "x", "Conflicted"), Of(result, "part", "own", "Conflicted")));
        Assert.DoesNotContain("old", Report(result, "part").Listeners[0].Conditions.Single(c => c.Type == "Conflicted").Message, StringComparison.Ordinal);
        Assert.Equal(2, Report(result, "gw").AttachedListenerSets);
    }

    [Fact]
    public void Set_OfAGatewayThatIsNotAccepted_SaysSo()
    {
        var result = new GatewayWorld(Gateway("from: All", "{ name: web, port: 80, protocol: SCTP }"), Set("set", "team", "{ name: x, port: 8081, protocol: HTTP }")).Result;

        Assert.Equal(("False ParentNotAccepted", "False ParentNotProgrammed"), (Text(result, "set", "Accepted"), Text(result, "set", "Programmed")));
        Assert.Equal(0, Report(result, "gw").AttachedListenerSets);
        Assert.Empty(Served(result));
    }

    [Fact]
    public void Gateway_WithListenersOfSetsAlone_IsAccepted()
    {
        var result = new GatewayWorld(Gateway("from: All", ""), Set("set", "team", "{ name: x, port: 8081, protocol: HTTP }")).Result;

        Assert.Equal(("True Accepted", "True Accepted"), (Text(result, "gw", "Accepted"), Text(result, "set", "Accepted")));
    }

    [Fact]
    public void Set_AtAWaypointOrAForeignGateway_AddsNothing()
    {
        string waypoint = Gateway("from: All", "{ name: mesh, port: 15008, protocol: HBONE }").Replace("gatewayClassName: ambient", "gatewayClassName: ambient-waypoint", StringComparison.Ordinal);
        string foreign = Gateway("from: All").Replace("gatewayClassName: ambient", "gatewayClassName: nginx", StringComparison.Ordinal);
        string set = Set("set", "team", "{ name: x, port: 8081, protocol: HTTP }");

        Assert.Equal("False NotAllowed", Text(new GatewayWorld(waypoint, set).Result, "set", "Accepted"));
        Assert.DoesNotContain(new GatewayWorld(foreign, set).Result.Status, s => s.Kind == "ListenerSet");
        Assert.Contains(new GatewayWorld(set).Result.Findings, f => f is { Name: "set", Code: FindingCodes.NotAttached });
    }

    [Theory]
    [InlineData("", "", "True ResolvedRefs")]
    [InlineData("other", "", "False RefNotPermitted")]
    [InlineData("other", "ListenerSet team", "True ResolvedRefs")]
    [InlineData("other", "Gateway team", "False RefNotPermitted")]
    [InlineData("other", "Gateway gateway-conformance-infra", "False RefNotPermitted")]
    [InlineData("other", "ListenerSet gateway-conformance-infra", "False RefNotPermitted")]
    public void Certificate_OfASet_IsItsOwnNamespacesOrGrantedToTheSet(string ns, string grant, string resolved)
    {
        string granted = grant.Length == 0 ? "" : $$"""
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: ReferenceGrant
            metadata: { name: g, namespace: other }
            spec: { from: [{ group: gateway.networking.k8s.io, kind: {{grant.Split(' ')[0]}}, namespace: {{grant.Split(' ')[1]}} }], to: [{ group: '', kind: Secret }] }
            """;
        var result = new GatewayWorld(
            TestSecret.Of("cert", "team"), TestSecret.Of("cert", "other"), Gateway("from: All"), granted,
            Set("set", "team", $"{{ name: x, port: 443, protocol: HTTPS, tls: {{ certificateRefs: [{{ name: cert{(ns.Length == 0 ? "" : $", namespace: {ns}")} }}] }} }}")).Result;

        Assert.Equal(resolved, Of(result, "set", "x", "ResolvedRefs"));
        bool served = resolved.StartsWith("True", StringComparison.Ordinal);
        Assert.Equal(served ? "True Accepted" : "False ListenersNotValid", Text(result, "set", "Accepted"));
        Assert.Equal(served, Served(result).Single(l => l.Port == 443).Invalid is null);
        Assert.Equal(served ? 1 : 0, result.Resources.OfType<GatewayCertificate>().Count());
    }

    [Fact]
    public void Listeners_BeyondTheBound_AreRefused()
    {
        string[] sets = [.. Enumerable.Range(0, 17).Select(s => Set($"set-{s:00}", "team", string.Join(", ", Enumerable.Range(0, 64).Select(l => $"{{ name: l{l}, port: 80, protocol: HTTP, hostname: h{s}-{l}.example }}"))))];
        var result = new GatewayWorld([Gateway("from: All"), .. sets]).Result;

        Assert.Equal(1024, Served(result).Length);
        Assert.Equal("False TooManyListeners", Of(result, "set-16", "l0", "Accepted"));
        Assert.Equal("False ListenersNotValid", Text(result, "set-16", "Accepted"));
        Assert.Equal("False TooManyListeners", Of(result, "set-15", "l63", "Accepted"));
    }

    private static ImmutableArray<GatewayListener> Served(CompileResult result) => Assert.Single(result.Gateways, g => g.Name == GatewayWorld.Gateway).Listeners;

    private static StatusReport Report(CompileResult result, string name) => Assert.Single(result.Status, s => s.Name == name && s.Kind is "ListenerSet" or "Gateway" && s.Name == name);

    private static string Text(CompileResult result, string name, string type) => Assert.Single(Report(result, name).Conditions, c => c.Type == type) is var c ? $"{c.Status} {c.Reason}" : "";

    private static string Of(CompileResult result, string set, string listener, string type) =>
        Report(result, set).Listeners.Single(l => l.Name == listener).Conditions.Single(c => c.Type == type) is var c ? $"{c.Status} {c.Reason}" : "";

    private static string Gateway(string allowed, string listeners = Own) =>
        GatewayWorld.GatewayOf(listeners).Replace("spec: {", $"spec: {{ allowedListeners: {{ namespaces: {{ {allowed} }} }},", StringComparison.Ordinal);

    private static string Parent(string name, string ns = GatewayWorld.Infra, string more = "") => $"{{ kind: ListenerSet, name: {name}, namespace: {ns}{more} }}";

    private static string Set(string name, string ns, string listeners, string created = "2026-01-01T00:00:00Z") => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: ListenerSet
        metadata: { name: {{name}}, namespace: {{ns}}, creationTimestamp: "{{created}}" }
        spec: { parentRef: { name: gw, namespace: {{GatewayWorld.Infra}} }, listeners: [{{listeners.Replace("%all", "allowedRoutes: { namespaces: { from: All } }", StringComparison.Ordinal)}}] }
        """;
}
