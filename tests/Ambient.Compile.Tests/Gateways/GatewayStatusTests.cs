using Ambient.Compile.Gateways;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Tests.Gateways;

public sealed class GatewayStatusTests
{
    private const string Hbone = "{ name: mesh, port: 15008, protocol: HBONE }";

    [Theory]
    [InlineData(Hbone, "True Accepted", "False Pending")]
    [InlineData("{ name: mesh, port: 15009, protocol: HBONE }", "False ListenersNotValid", "False Invalid")]
    [InlineData("{ name: web, port: 80, protocol: HTTP }", "False ListenersNotValid", "False Invalid")]
    [InlineData(Hbone + ", { name: web, port: 80, protocol: HTTP }", "True ListenersNotValid", "False Pending")]
    [InlineData("", "False Invalid", "False Invalid")]
    public void Waypoint_WithListenersAndNothingMadeYet_SaysWhatIsAcceptedAndThatItIsPending(string listeners, string accepted, string programmed)
    {
        StatusReport status = Assert.Single(Mesh.Compile(Gateway("ambient-waypoint", listeners)).Status);

        Assert.Equal([("Accepted", accepted), ("Programmed", programmed)], status.Conditions.Select(c => (c.Type, $"{c.Status} {c.Reason}")));
    }

    [Theory]
    [InlineData("ambient-waypoint", null, true)]
    [InlineData("ambient-waypoint", "other.example/controller", false)]
    [InlineData("istio-waypoint", null, true)]
    [InlineData("istio-waypoint", "istio.io/mesh-controller", false)]
    [InlineData("istio-waypoint", "ambient.dev/gateway-controller", true)]
    [InlineData("nginx", null, false)]
    [InlineData("mine", "ambient.dev/gateway-controller", true)]
    public void Class_DecidesWhoseGatewayItIs(string @class, string? controller, bool ours)
    {
        string declared = controller is null ? "" : $$"""
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: { name: {{@class}} }
            spec: { controllerName: {{controller}} }
            """;

        var result = Mesh.Compile(Gateway(@class, Hbone), declared);

        Assert.Equal(ours, result.Status.Any(s => s.Kind == "Gateway"));
        Assert.Equal(controller == StatusReport.Controller, result.Status.Any(s => s.Kind == "GatewayClass"));
    }

    [Fact]
    public void Listeners_ThatConflict_FirstIsKept()
    {
        var listeners = Assert.Single(Mesh.Compile(Gateway("ambient",
            "{ name: a, port: 80, protocol: HTTP }, { name: b, port: 80, protocol: HTTP }, { name: c, port: 80, protocol: TCP }, { name: d, port: 80, protocol: HTTP, hostname: x.example }"))
            .Status).Listeners;

        Assert.Equal(["NoConflicts", "HostnameConflict", "ProtocolConflict", "NoConflicts"], listeners.Select(l => Of(l.Conditions, "Conflicted").Reason));
        Assert.Equal(["Pending", "Invalid", "Invalid", "Pending"], listeners.Select(l => Of(l.Conditions, "Programmed").Reason));
    }

    [Theory]
    [InlineData("{ name: wp }", "shop", "", "True Accepted", 1)]
    [InlineData("{ name: wp, sectionName: mesh }", "shop", "", "True Accepted", 1)]
    [InlineData("{ name: wp, sectionName: other }", "shop", "", "False NoMatchingParent", 0)]
    [InlineData("{ name: wp, port: 81 }", "shop", "", "False NoMatchingParent", 0)]
    [InlineData("{ name: wp, namespace: shop }", "web", "", "False NotAllowedByListeners", 0)]
    [InlineData("{ name: wp, namespace: shop }", "web", "namespaces: { from: All }", "True Accepted", 1)]
    [InlineData("{ name: wp, namespace: shop }", "web", "namespaces: { from: Selector, selector: { matchLabels: { team: web } } }", "True Accepted", 1)]
    [InlineData("{ name: wp, namespace: shop }", "web", "namespaces: { from: Selector, selector: { matchLabels: { team: x } } }", "False NotAllowedByListeners", 0)]
    [InlineData("{ name: wp, namespace: shop }", "web", "namespaces: { from: Selector, selector: { matchExpressions: [{ key: team, operator: In, values: [web, ops] }] } }", "True Accepted", 1)]
    [InlineData("{ name: wp, namespace: shop }", "web", "namespaces: { from: Selector, selector: { matchExpressions: [{ key: team, operator: DoesNotExist }] } }", "False NotAllowedByListeners", 0)]
    [InlineData("{ name: wp, namespace: shop }", "web", "namespaces: { from: Selector, selector: { matchExpressions: [{ key: team, operator: Near }] } }", "False NotAllowedByListeners", 0)]
    [InlineData("{ name: wp }", "shop", "kinds: [{ kind: GRPCRoute }]", "False NotAllowedByListeners", 0)]
    public void Route_ToAGateway_AttachesAsItsListenerAllows(string parent, string ns, string allowed, string accepted, int attached)
    {
        var result = Mesh.Compile(
            Mesh.Namespace("web", "{ team: web }"), Service,
            Gateway("ambient", $"{{ name: mesh, port: 80, protocol: HTTP, allowedRoutes: {{ {allowed} }} }}"),
            Route("HTTPRoute", ns, parent, "{ name: a, namespace: shop, port: 80 }"));

        var report = Assert.Single(Assert.Single(result.Status, s => s.Kind == "HTTPRoute").Parents);
        Assert.Equal("ambient.dev/gateway-controller", report.ControllerName);
        Assert.Equal(accepted, Text(report.Conditions, "Accepted"));
        Assert.Equal(attached, Assert.Single(Assert.Single(result.Status, s => s.Kind == "Gateway").Listeners).AttachedRoutes);
    }

    [Theory]
    [InlineData("{ name: a, port: 80 }", "", "True ResolvedRefs")]
    [InlineData("{ name: a, port: 81 }", "", "False BackendNotFound")]
    [InlineData("{ name: a }", "", "False BackendNotFound")]
    [InlineData("{ name: b, port: 80 }", "", "False BackendNotFound")]
    [InlineData("{ name: a, kind: Bucket, group: example.com }", "", "False InvalidKind")]
    [InlineData("{ name: a, namespace: other, port: 80 }", "", "False RefNotPermitted")]
    [InlineData("{ name: a, namespace: other, port: 80 }", "{ from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop }], to: [{ group: '', kind: Service }] }", "True ResolvedRefs")]
    [InlineData("{ name: a, namespace: other, port: 80 }", "{ from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop }], to: [{ group: '', kind: Service, name: z }] }", "False RefNotPermitted")]
    public void Route_ToAGateway_ResolvesItsBackends(string backend, string grant, string resolved)
    {
        string granted = grant.Length == 0 ? "" : $$"""
            ---
            apiVersion: gateway.networking.k8s.io/v1beta1
            kind: ReferenceGrant
            metadata: { name: g, namespace: other }
            spec: {{grant}}
            """;
        var result = Mesh.Compile(
            Service, Service.Replace("shop", "other").Replace("96.0.1", "96.0.2"), granted, Gateway("ambient-waypoint", Hbone), Route("HTTPRoute", "shop", "{ name: wp }", backend));

        Assert.Equal(resolved, Text(Assert.Single(Assert.Single(result.Status, s => s.Kind == "HTTPRoute").Parents).Conditions, "ResolvedRefs"));
    }

    [Fact]
    public void Routes_OfSeveralKindsOnOneService_TheStrongerKindWins()
    {
        const string parent = "{ group: '', kind: Service, name: a }";
        var result = Mesh.Compile(Service, Route("HTTPRoute", "shop", parent, "{ name: a, port: 80 }"), Route("GRPCRoute", "shop", parent, "{ name: a, port: 80 }"));

        Assert.Equal("False Conflicted", Text(Assert.Single(Assert.Single(result.Status, s => s.Kind == "HTTPRoute").Parents).Conditions, "Accepted"));
        var winner = Assert.Single(Assert.Single(result.Status, s => s.Kind == "GRPCRoute").Parents);
        Assert.Equal(("True Accepted", "True ResolvedRefs", "False NoWaypoint"), (
            Text(winner.Conditions, "Accepted"), Text(winner.Conditions, "ResolvedRefs"), Text(winner.Conditions, "ambient.dev/Programmed")));
    }

    [Theory]
    [InlineData("GRPCRoute", "web", "{ group: '', kind: Service, name: a, namespace: shop }", "True Accepted")] // for callers of web alone
    [InlineData("GRPCRoute", "shop", "{ group: '', kind: Service, name: a, port: 80 }", "False Conflicted")]
    [InlineData("GRPCRoute", "shop", "{ group: '', kind: Service, name: a, port: 81 }", "True Accepted")] // a port that is not there
    [InlineData("GRPCRoute", "shop", "{ group: '', kind: Service, name: a, sectionName: nothing }", "True Accepted")]
    [InlineData("TCPRoute", "shop", "{ group: '', kind: Service, name: a }", "True Accepted")]
    public void Routes_OfOtherCallersOrPorts_AreNoRivals(string kind, string @namespace, string parent, string accepted)
    {
        var result = Mesh.Compile(
            Service, Route("HTTPRoute", "shop", "{ group: '', kind: Service, name: a }", "{ name: a, port: 80 }"), Route(kind, @namespace, parent, "{ name: a, namespace: shop, port: 80 }"));

        Assert.Equal(accepted, Text(Assert.Single(Assert.Single(result.Status, s => s.Kind == "HTTPRoute").Parents).Conditions, "Accepted"));
    }

    [Theory]
    [InlineData("{ group: '', kind: Service, name: a, sectionName: http }", "True Accepted")]
    [InlineData("{ group: '', kind: Service, name: a, sectionName: http, port: 80 }", "True Accepted")]
    [InlineData("{ group: '', kind: Service, name: a, sectionName: http, port: 81 }", "False NoMatchingParent")]
    [InlineData("{ group: '', kind: Service, name: a, sectionName: nothing }", "False NoMatchingParent")]
    [InlineData("{ group: '', kind: Service, name: none }", "False NoMatchingParent")]
    public void Route_ToASectionOfAService_IsTakenByThePortOfThatName(string parent, string accepted)
    {
        var result = Mesh.Compile(Service, Route("HTTPRoute", "shop", parent, "{ name: a, port: 80 }"));

        Assert.Equal(accepted, Text(Assert.Single(Assert.Single(result.Status, s => s.Kind == "HTTPRoute").Parents).Conditions, "Accepted"));
    }

    [Theory]
    [InlineData("filters: [{ type: URLRewrite, urlRewrite: { hostname: a.b } }, { type: RequestRedirect, requestRedirect: { hostname: a.b } }]", "False IncompatibleFilters", "True ResolvedRefs", "False NotAccepted")]
    [InlineData("filters: [{ type: RequestRedirect, requestRedirect: { statusCode: 304 } }]", "False UnsupportedValue", "True ResolvedRefs", "False NotAccepted")]
    [InlineData("filters: [{ type: RequestRedirect, requestRedirect: { scheme: ftp } }]", "False UnsupportedValue", "True ResolvedRefs", "False NotAccepted")]
    [InlineData("filters: [{ type: Other }]", "False UnsupportedValue", "True ResolvedRefs", "False NotAccepted")]
    [InlineData("filters: [{ type: ExtensionRef, extensionRef: { group: a.b, kind: C, name: d } }]", "True Accepted", "False InvalidKind", "False NoWaypoint")]
    [InlineData("filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: nobody, port: 80 } } }]", "True Accepted", "False BackendNotFound", "False NoWaypoint")]
    [InlineData("matches: [{ path: { type: Exact, value: /a } }], filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /b } } }]", "False UnsupportedValue", "True ResolvedRefs", "False NotAccepted")]
    [InlineData("matches: [{ headers: [{ name: a, value: b }] }], filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /b } } }]", "True Accepted", "True ResolvedRefs", "False NoWaypoint")]
    [InlineData("matches: [{ path: { type: Suffix, value: /a } }]", "False UnsupportedValue", "True ResolvedRefs", "False NotAccepted")]
    [InlineData("timeouts: { request: 1s, backendRequest: 2s }", "False UnsupportedValue", "True ResolvedRefs", "False NotAccepted")]
    [InlineData("timeouts: { request: 0s, backendRequest: 2s }", "True Accepted", "True ResolvedRefs", "False NoWaypoint")]
    public void Route_WithARuleThatIsNotUnderstood_SaysSo(string rule, string accepted, string resolved, string programmed)
    {
        var result = Mesh.Compile(Service, $$"""
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: r, namespace: shop, generation: 4 }
            spec: { parentRefs: [{ group: "", kind: Service, name: a }], rules: [{ {{rule}}, backendRefs: [{ name: a, port: 80 }] }] }
            """);

        var conditions = Assert.Single(Assert.Single(result.Status, s => s.Kind == "HTTPRoute").Parents).Conditions;
        Assert.Equal((accepted, resolved, programmed), (Text(conditions, "Accepted"), Text(conditions, "ResolvedRefs"), Text(conditions, "ambient.dev/Programmed")));
    }

    [Fact]
    public void Route_ToAForeignOrMissingGateway_IsNotOursToSpeakAbout()
    {
        var result = Mesh.Compile(Gateway("nginx", Hbone), Route("HTTPRoute", "shop", "{ name: wp }, { name: none }", "{ name: a, port: 80 }"));

        Assert.Empty(Assert.Single(result.Status, s => s.Kind == "HTTPRoute").Parents);
        Assert.Contains(result.Findings, f => f is { Code: FindingCodes.NotAttached, Field: "spec.parentRefs[1]" });
    }

    [Theory]
    [InlineData("", "False WaypointMissing")]
    [InlineData("service", "True WaypointAccepted")]
    [InlineData("workload", "False UnsupportedTrafficType")]
    public void Service_BoundToAWaypoint_SaysSo(string @for, string bound)
    {
        string gateway = @for.Length == 0 ? "" : Gateway("ambient-waypoint", Hbone).Replace("namespace: shop", $"namespace: shop, labels: {{ istio.io/waypoint-for: {@for} }}");
        var result = Mesh.Compile(Service.Replace("namespace: shop", "namespace: shop, labels: { istio.io/use-waypoint: wp }"), gateway);

        Assert.Equal(bound, Text(Assert.Single(result.Status, s => s.Kind == "Service").Conditions, "istio.io/WaypointBound"));
    }

    [Theory]
    [InlineData("", "", "False Pending", "")]
    [InlineData("10.96.0.9", "", "False Pending", "10.96.0.9")]
    [InlineData("10.96.0.9", "False", "False Pending", "10.96.0.9")]
    [InlineData("10.96.0.9", "True", "True Programmed", "10.96.0.9")]
    [InlineData("None", "True", "False AddressNotAssigned", "")]
    public void Waypoint_AsFarAsItHasCome_SaysSoWithItsAddress(string address, string ready, string programmed, string reported)
    {
        string service = address.Length == 0 ? "" : $$"""
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: wp, namespace: shop, labels: { gateway.networking.k8s.io/gateway-name: wp } }
            spec: { clusterIP: {{address}}, selector: { gateway.networking.k8s.io/gateway-name: wp }, ports: [{ port: 15008 }] }
            """;
        string pod = ready.Length == 0 ? "" : Mesh.Pod("shop", "wp-1", "10.0.0.9", "{ gateway.networking.k8s.io/gateway-name: wp }").Replace("status: \"True\"", $"status: \"{ready}\"");

        StatusReport status = Assert.Single(Mesh.Compile(Gateway("ambient-waypoint", Hbone), service, pod).Status, s => s.Kind == "Gateway");

        Assert.Equal(programmed, Text(status.Conditions, "Programmed"));
        Assert.Equal(programmed[0] == 'T' ? "True Programmed" : "False Pending", Text(Assert.Single(status.Listeners).Conditions, "Programmed"));
        Assert.Equal(reported, string.Join(',', status.Addresses!.Value.Select(a => a.Value)));
    }

    [Fact]
    public void Waypoint_ThatCannotBeMade_SaysWhy()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        foreach (var manifest in Mesh.Objects(Gateway("ambient-waypoint", Hbone)))
        {
            compiler.Put(manifest);
        }

        compiler.Provisioned("shop", "wp", new ProvisioningProblem("NoResources", "Deployment shop/wp is somebody else's"));
        var refused = Assert.Single(compiler.Flush().Status, s => s.Kind == "Gateway");
        Assert.Equal(("True Accepted", "False NoResources"), (Text(refused.Conditions, "Accepted"), Text(refused.Conditions, "Programmed")));

        compiler.Provisioned("shop", "wp", new ProvisioningProblem(ProvisioningProblem.InvalidParameters, "no"));
        var invalid = Assert.Single(compiler.Flush().Status);
        Assert.Equal(("False InvalidParameters", "False Invalid"), (Text(invalid.Conditions, "Accepted"), Text(invalid.Conditions, "Programmed")));

        compiler.Provisioned("shop", "wp", null);
        Assert.Equal("True Accepted", Text(Assert.Single(compiler.Flush().Status).Conditions, "Accepted"));
    }

    private const string Service = """
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: a, namespace: shop }
        spec: { clusterIP: 10.96.0.1, selector: { app: a }, ports: [{ name: http, port: 80 }] }
        """;

    private static string Gateway(string @class, string listeners) => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: wp, namespace: shop }
        spec: { gatewayClassName: {{@class}}, listeners: [{{listeners}}] }
        """;

    private static string Route(string kind, string ns, string parents, string backend) => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: {{kind}}
        metadata: { name: r, namespace: {{ns}} }
        spec: { parentRefs: [{{parents}}], rules: [{ backendRefs: [{{backend}}] }] }
        """;

    private static Condition Of(IEnumerable<Condition> conditions, string type) => Assert.Single(conditions, c => c.Type == type);

    private static string Text(IEnumerable<Condition> conditions, string type) => Of(conditions, type) is var c ? $"{c.Status} {c.Reason}" : "";
}
