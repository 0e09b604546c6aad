using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Compile.Provisioning;
using Ambient.Resources.Manifests;

namespace Ambient.Compile.Tests.Provisioning;

/// <summary>Each folder is a Gateway with its parameters, and the manifests that it becomes. AMBIENT_GOLDEN=write rewrites.</summary>
public sealed class GatewayPlanTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    private static string Folder => SourceTree.Of("tests/Ambient.Compile.Tests/provisioning-cases");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gateway_Planned_IsAsExpected(string name)
    {
        string folder = Path.Combine(Folder, name);
        var manifests = ManifestReader.Read([Path.Combine(folder, "input.yaml")]);
        Assert.Empty(manifests.Errors);
        GatewayPlan plan = Plan([.. manifests.Objects.Select(o => o.Content)])!;
        string actual = new JsonObject
        {
            ["replicas"] = plan.Replicas,
            ["firstReplicas"] = plan.FirstReplicas,
            ["manifests"] = new JsonArray([.. Manifests(plan).Select(m => m.DeepClone())]),
        }.ToJsonString(Indented) + "\n";
        string expectedFile = Path.Combine(folder, "expected.json");
        if (Environment.GetEnvironmentVariable("AMBIENT_GOLDEN") == "write")
        {
            File.WriteAllText(expectedFile, actual);
        }

        Assert.Equal(File.ReadAllText(expectedFile), actual);
    }

    [Theory]
    [InlineData("deployment: 'spec: ['", "ConfigMap shop/options, key deployment, line")]
    [InlineData("deployment: '[]'", "must be an object")]
    [InlineData("deploiment: '{}'", "has the key deploiment")]
    [InlineData("deployment: '{ spec: { replicas: many } }'", "must be a whole number")]
    public void Parameters_ThatMakeNoSense_AreRefusedWithTheirPlace(string data, string reason)
    {
        var e = Assert.Throws<ProvisioningException>(() => Plan(Objects(Waypoint, $$"""
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: options, namespace: shop }
            data: { {{data}} }
            """)));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ambient.dev/replicas", "-1")]
    [InlineData("ambient.dev/service-type", "Public")]
    public void Annotation_ThatMakesNoSense_IsRefused(string annotation, string value) => Assert.Contains(
        annotation, Assert.Throws<ProvisioningException>(() => Plan(Objects(Waypoint.Replace("namespace: shop", $"namespace: shop, annotations: {{ {annotation}: \"{value}\" }}")))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Reference_ToSomethingElseThanAConfigMap_IsRefused()
    {
        JsonObject gateway = Objects(Waypoint.Replace("spec:", "spec:\n  infrastructure: { parametersRef: { group: example.com, kind: Settings, name: x } }"))[0];

        Assert.Contains("parametersRef", Assert.Throws<ProvisioningException>(() => GatewayPlanner.ParametersOf(gateway)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nginx", null, false)]
    [InlineData("istio-waypoint", null, true)]
    [InlineData("istio-waypoint", "istio.io/mesh-controller", false)]
    [InlineData("mine", "ambient.dev/gateway-controller", true)]
    public void Class_OfAnotherController_IsLeftAlone(string @class, string? controller, bool ours)
    {
        JsonObject gateway = Objects(Waypoint.Replace("ambient-waypoint", @class))[0];

        Assert.Equal(ours, GatewayPlanner.Plan(gateway, controller, [], new ProvisioningOptions()) is not null);
    }

    [Fact]
    public void Gateway_WithAServiceOfItsOwn_IsNotMade() => Assert.Null(
        Plan(Objects(Waypoint.Replace("spec:", "spec:\n  addresses: [{ type: Hostname, value: mine.shop.svc.cluster.local }]"))));

    /// <summary>The Service has the ports of ListenerSets that the Gateway takes, and never the gateway's own ports.</summary>
    [Theory]
    [InlineData("ambient", "from: All", "team", "status-port/15021/TCP http-80/80/TCP http-8081/8081/TCP tcp-5432/5432/TCP udp-53/53/UDP tcp-53/53/TCP")]
    [InlineData("ambient", "from: Same", "team", "status-port/15021/TCP http-80/80/TCP")]
    [InlineData("ambient", "from: Selector, selector: { matchLabels: { team: a } }", "team", "status-port/15021/TCP http-80/80/TCP http-8081/8081/TCP tcp-5432/5432/TCP udp-53/53/UDP tcp-53/53/TCP")]
    [InlineData("ambient", "from: Selector, selector: { matchLabels: { team: b } }", "team", "status-port/15021/TCP http-80/80/TCP")]
    [InlineData("ambient-waypoint", "from: All", "team", "status-port/15021/TCP hbone/15008/TCP")]
    public void Service_OfAGatewayWithListenerSets_HasTheirPorts(string @class, string allowed, string ns, string ports)
    {
        var gateway = Objects($$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: web, namespace: edge }
            spec: { gatewayClassName: {{@class}}, allowedListeners: { namespaces: { {{allowed}} } }, listeners: [{ name: a, port: 80, protocol: HTTP }] }
            """).Single();
        ListenerSetManifest Set(string parent, string listeners) => new(Objects($$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: ListenerSet
            metadata: { name: more, namespace: {{ns}} }
            spec: { parentRef: { name: {{parent}}, namespace: edge }, listeners: [{{listeners}}] }
            """).Single(), new Dictionary<string, string> { ["team"] = "a" });

        var plan = GatewayPlanner.Plan(gateway, null, [], new ProvisioningOptions(),
        [
            Set("web", "{ name: a, port: 80, protocol: HTTP }, { name: b, port: 8081, protocol: HTTP }, { name: c, port: 5432, protocol: TCP }, { name: d, port: 53, protocol: UDP }, { name: e, port: 53, protocol: TCP }, "
                + "{ name: f, port: 15000, protocol: HTTP }, { name: g, port: 15020, protocol: TCP }, { name: h, port: 15021, protocol: TCP }, { name: i, port: 15008, protocol: TCP }, { name: j, port: 15020, protocol: HBONE }"),
            Set("other", "{ name: a, port: 8082, protocol: HTTP }"),
            Set("web", "{ name: a, port: nonsense, protocol: HTTP }"),
        ])!;

        Assert.Equal(ports, string.Join(' ', ((JsonArray)plan.Service["spec"]!["ports"]!).Select(p => $"{p!["name"]}/{p["port"]}/{p["protocol"]}")));
    }

    private const string Waypoint = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: waypoint, namespace: shop }
        spec:
          gatewayClassName: ambient-waypoint
          listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
        """;

    private static JsonObject[] Objects(params string[] yaml) => [.. yaml.SelectMany(Mesh.Objects)];

    private static GatewayPlan? Plan(IReadOnlyList<JsonObject> objects) => GatewayPlanner.Plan(
        objects.Single(o => (string?)o["kind"] == "Gateway"), null, [.. objects.Where(o => (string?)o["kind"] == "ConfigMap")], new ProvisioningOptions());

    private static IEnumerable<JsonObject> Manifests(GatewayPlan plan) =>
        new[] { plan.ServiceAccount, plan.Service, plan.Deployment, plan.Budget, plan.Autoscaler }.OfType<JsonObject>();
}
