using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Operator.Tests.Support;

namespace Ambient.Operator.Tests.Gateways;

/// <summary>What a person with kubectl sees of a Gateway of ours, from nothing to programmed and away again.</summary>
public sealed class GatewayProvisioningTests
{
    private static readonly GroupKind Deployments = new("apps", "Deployment");
    private static readonly GroupKind Gateways = new("gateway.networking.k8s.io", "Gateway");
    private static readonly GroupKind Classes = new("gateway.networking.k8s.io", "GatewayClass");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operator_Leads_ClassesAreCreatedAndAcceptedAndCreatedAgain()
    {
        await using World world = await World.StartAsync();
        await world.OperatorAsync();
        foreach (string name in (string[])["ambient-waypoint", "ambient", "ambient-east-west"])
        {
            await Eventually.True(async () => await FindAsync(world, Classes, null, name) is { } c && Condition(c, "Accepted") == "True Accepted");
        }

        await world.Kube.Resource(Classes).DeleteAsync(null, "ambient", null, Cancel);
        await Eventually.True(async () => await FindAsync(world, Classes, null, "ambient") is not null);
    }

    [Fact]
    public async Task Waypoint_Applied_IsMadeAndIsProgrammedOnceAPodIsReady()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop");
        await world.OperatorAsync();
        await world.ApplyAsync(Waypoint("wp"));
        await Eventually.True(async () => await FindAsync(world, new GroupKind("policy", "PodDisruptionBudget"), "shop", "wp") is not null);
        JsonObject deployment = (await FindAsync(world, Deployments, "shop", "wp"))!;
        JsonObject gateway = (await FindAsync(world, Gateways, "shop", "wp"))!;
        Assert.Equal(2, (int)deployment["spec"]!["replicas"]!);
        Assert.Equal((string?)gateway["metadata"]!["uid"], (string?)deployment["metadata"]!["ownerReferences"]![0]!["uid"]);
        await Eventually.True(async () => Condition(await FindAsync(world, Gateways, "shop", "wp"), "Programmed") == "False Pending");

        await world.Kube.CreateAsync(
            new Pod
            {
                Metadata = new ObjectMeta { Name = "wp-1", Namespace = "shop", Labels = new Dictionary<string, string> { ["gateway.networking.k8s.io/gateway-name"] = "wp" } },
                Spec = new PodSpec { NodeName = "node-1", ServiceAccountName = "wp", Containers = [new Container { Name = "waypoint", Image = "w" }] },
            },
            Cancel);
        await world.SetStatusAsync("shop", "wp-1", "10.244.1.9", "Running");
        await Eventually.True(async () => Condition(await FindAsync(world, Gateways, "shop", "wp"), "Programmed") == "True Programmed");
        JsonObject programmed = (await FindAsync(world, Gateways, "shop", "wp"))!;
        JsonObject service = (await FindAsync(world, new GroupKind("", "Service"), "shop", "wp"))!;
        Assert.Equal((string?)service["spec"]!["clusterIP"], (string?)programmed["status"]!["addresses"]![0]!["value"]);
        Assert.Equal((long)programmed["metadata"]!["generation"]!, (long)programmed["status"]!["conditions"]![0]!["observedGeneration"]!);
    }

    [Fact]
    public async Task Deployment_ScaledOrChangedByOthers_KeepsTheNumberAndLosesTheChange()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop");
        await world.OperatorAsync();
        await world.ApplyAsync(Waypoint("wp"));
        await Eventually.True(async () => await FindAsync(world, Deployments, "shop", "wp") is { } d && (int)d["spec"]!["replicas"]! == 2);
        await PatchAsync(world, Deployments, "wp", """{"spec":{"replicas":5,"template":{"spec":{"terminationGracePeriodSeconds":7}}}}""");
        await Eventually.True(async () => await FindAsync(world, Deployments, "shop", "wp") is { } d && (int)d["spec"]!["template"]!["spec"]!["terminationGracePeriodSeconds"]! == 60);
        Assert.Equal(5, (int)(await FindAsync(world, Deployments, "shop", "wp"))!["spec"]!["replicas"]!);

        await PatchAsync(world, Gateways, "wp", """{"metadata":{"annotations":{"ambient.dev/replicas":"3"}}}""");
        await Eventually.True(async () => await FindAsync(world, Deployments, "shop", "wp") is { } d && (int)d["spec"]!["replicas"]! == 3);

        await world.Kube.Resource(Deployments).DeleteAsync("shop", "wp", null, Cancel);
        await Eventually.True(async () => await FindAsync(world, Deployments, "shop", "wp") is { } d && (int)d["spec"]!["replicas"]! == 3);
    }

    [Fact]
    public async Task Replicas_WithSomebodysAutoscaler_AreLeftToIt()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop");
        await world.ApplyAsync("""
            {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"mine","namespace":"shop"},
             "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"wp"},"maxReplicas":9}}
            """);
        await world.OperatorAsync();
        await world.ApplyAsync(Waypoint("wp"));
        await Eventually.True(async () => await FindAsync(world, new GroupKind("policy", "PodDisruptionBudget"), "shop", "wp") is not null);
        await PatchAsync(world, Deployments, "wp", """{"spec":{"replicas":7}}""");
        await PatchAsync(world, Gateways, "wp", """{"metadata":{"annotations":{"ambient.dev/replicas":"3"}},"spec":{"infrastructure":{"labels":{"round":"two"}}}}""");
        await Eventually.True(async () => await FindAsync(world, Deployments, "shop", "wp") is { } d && (string?)d["metadata"]!["labels"]!["round"] == "two");
        await Eventually.True(async () => await FindAsync(world, new GroupKind("policy", "PodDisruptionBudget"), "shop", "wp") is { } b && (string?)b["metadata"]!["labels"]!["round"] == "two");
        Assert.Equal(7, (int)(await FindAsync(world, Deployments, "shop", "wp"))!["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task ForeignDeployment_OfTheSameName_IsNotTouchedAndTheStatusSaysSo()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop");
        await world.ApplyAsync("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"wp","namespace":"shop"},
             "spec":{"selector":{"matchLabels":{"app":"mine"}},"template":{"metadata":{"labels":{"app":"mine"}},"spec":{"containers":[{"name":"mine","image":"mine"}]}}}}
            """);
        await world.OperatorAsync();
        await world.ApplyAsync(Waypoint("wp"));
        await Eventually.True(async () => Condition(await FindAsync(world, Gateways, "shop", "wp"), "Programmed") == "False NoResources");
        Assert.Equal("mine", (string?)(await FindAsync(world, Deployments, "shop", "wp"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["name"]);
        Assert.Null(await FindAsync(world, new GroupKind("", "Service"), "shop", "wp"));

        await world.Kube.Resource(Deployments).DeleteAsync("shop", "wp", null, Cancel);
        await Eventually.True(async () => Condition(await FindAsync(world, Gateways, "shop", "wp"), "Programmed") == "False Pending");
        await Eventually.True(async () => await FindAsync(world, new GroupKind("", "Service"), "shop", "wp") is not null);
    }

    [Fact]
    public async Task Parameters_MissingThenThere_AreSaidAndThenTaken()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop");
        await world.OperatorAsync();
        await world.ApplyAsync(Waypoint("wp", """, "infrastructure": { "parametersRef": { "group": "", "kind": "ConfigMap", "name": "options" } }"""));
        await Eventually.True(async () => Condition(await FindAsync(world, Gateways, "shop", "wp"), "Accepted") == "False InvalidParameters");
        await world.ApplyAsync("""
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"options","namespace":"shop"},
             "data":{"horizontalPodAutoscaler":"spec: { minReplicas: 2, maxReplicas: 4 }"}}
            """);
        await Eventually.True(async () => Condition(await FindAsync(world, Gateways, "shop", "wp"), "Accepted") == "True Accepted");
        var autoscalers = new GroupKind("autoscaling", "HorizontalPodAutoscaler");
        await Eventually.True(async () => await FindAsync(world, autoscalers, "shop", "wp") is not null);

        await PatchAsync(world, Gateways, "wp", """{"spec":{"infrastructure":null}}""");
        await Eventually.True(async () => await FindAsync(world, autoscalers, "shop", "wp") is null);
    }

    [Fact]
    public async Task Gateway_DeletedOrOfAnotherClass_TakesWhatWasMadeWithIt()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop");
        await world.OperatorAsync();
        await world.ApplyAsync(Waypoint("one"));
        await world.ApplyAsync(Waypoint("two"));
        foreach (string name in (string[])["one", "two"])
        {
            await Eventually.True(async () => await FindAsync(world, new GroupKind("policy", "PodDisruptionBudget"), "shop", name) is not null);
        }

        await world.Kube.Resource(Gateways).DeleteAsync("shop", "one", null, Cancel);
        await PatchAsync(world, Gateways, "two", """{"spec":{"gatewayClassName":"nginx"}}""");
        foreach (string name in (string[])["one", "two"])
        {
            await Eventually.True(async () => await FindAsync(world, Deployments, "shop", name) is null && await FindAsync(world, new GroupKind("", "ServiceAccount"), "shop", name) is null);
        }
    }

    private static string Waypoint(string name, string more = "") => $$$"""
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"Gateway","metadata":{"name":"{{{name}}}","namespace":"shop"},
         "spec":{"gatewayClassName":"ambient-waypoint","listeners":[{"name":"mesh","port":15008,"protocol":"HBONE"}]{{{more}}}}}
        """;

    private static Task<JsonObject?> FindAsync(World world, GroupKind kind, string? ns, string name) => world.Kube.Resource(kind).FindAsync(ns, name, Cancel);

    private static Task<JsonObject> PatchAsync(World world, GroupKind kind, string name, string patch) =>
        world.Kube.Resource(kind).PatchAsync("shop", name, Patch.Merge((JsonObject)JsonNode.Parse(patch)!), Cancel);

    private static string Condition(JsonObject? o, string type) => (o?["status"]?["conditions"] as JsonArray)?.OfType<JsonObject>()
        .Where(c => (string?)c["type"] == type).Select(c => $"{c["status"]} {c["reason"]}").FirstOrDefault() ?? "";
}
