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
