using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Policies;

/// <summary>Manifests as people have them, which are about the namespace default; one after the other, since there is one such namespace.</summary>
[Collection(Waypoints.DefaultNamespace.Name)]
public sealed class FieldManifestTests(MeshFixture mesh) : Scenario(mesh)
{
    private const string Default = "default";

    public override async ValueTask InitializeAsync()
    {
        await EnrolAsync(Default);
        Afterwards(() => UnenrolAsync(Default));
    }

    [Fact]
    public async Task DenyAll_AsGiven_RefusesEverythingInItsNamespaceAndNothingElse()
    {
        string elsewhere = await NamespaceAsync("elsewhere");
        MeshPod[] pods = await DefaultPodsAsync(new PodPlan(elsewhere, "orders") { Node = "node-2", IsEcho = true });
        Assert.True(await pods[0].ReachesAsync(pods[1]));
        Afterwards(() => DeleteAsync("security.istio.io", "AuthorizationPolicy", Default, "deny-all"));

        await ApplyAsync(Manifest("19-authorizationpolicy-deny-all.yaml"));

        await BecomesAsync(pods[0], pods[1], 9000, reached: false);
        await DenialAsync(pods[0], pods[1], "");
        Assert.True(await pods[0].ReachesAsync(pods[2]), "another namespace");
    }

    [Fact]
    public async Task Strict_AsGiven_RefusesPlaintextInItsNamespace()
    {
        string outside = await NamespaceAsync("out", enrolled: false);
        MeshPod[] pods = await DefaultPodsAsync(new PodPlan(outside, "old"));
        Assert.True(await pods[2].ReachesAsync(pods[1]));
        Afterwards(() => DeleteAsync("security.istio.io", "PeerAuthentication", Default, "default"));

        await ApplyAsync(Manifest("06-peerauthentication-strict.yaml"));

        await BecomesAsync(pods[2], pods[1], 9000, reached: false);
        Assert.True(await pods[0].ReachesAsync(pods[1]));
    }

    [Fact]
    public async Task OptOut_ByAnnotationInADeployment_LeavesItsPodsOutside()
    {
        string given = Manifest("18-deployment-opt-out.yaml");
        KubeException refused = await Assert.ThrowsAsync<KubeException>(() => ApplyAsync(given));
        Assert.Contains("spec.selector", refused.Message, StringComparison.Ordinal);
        Afterwards(() => DeleteAsync("apps", "Deployment", Default, "debug-tool"));

        // What no API server does without, and nothing else.
        await ApplyAsync(given.Replace("spec:\n  template:\n    metadata:\n", "spec:\n  selector: { matchLabels: { app: debug } }\n  template:\n    metadata:\n      labels: { app: debug }\n", StringComparison.Ordinal));

        string name = (await Lab.WaitReadyAsync(Default, "app=debug", 1, TimeSpan.FromSeconds(60), Stop))[0];
        JsonObject pod = await Lab.Admin.Resource(new GroupKind("", "Pod")).GetAsync(Default, name, Stop);
        JsonNode? state = await Until.Async(
            async () => (await Ztunnels.DumpAsync((string)pod["spec"]!["nodeName"]!))?["enrolments"]?.AsArray().FirstOrDefault(e => (string?)e?["podUid"] == (string)pod["metadata"]!["uid"]!),
            e => e is not null,
            "the node was told of the pod");
        Assert.False((bool?)state!["enrolled"] ?? false, state.ToJsonString());
        Assert.Contains("sidecar.istio.io/inject", (string?)state["reason"], StringComparison.Ordinal);
    }

    private async Task<MeshPod[]> DefaultPodsAsync(PodPlan other)
    {
        Afterwards(async () =>
        {
            foreach (string name in (string[])["web", "orders"])
            {
                await DeleteAsync("", "Pod", Default, name);
                await DeleteAsync("", "ServiceAccount", Default, name);
            }

            await Until.TrueAsync(
                async () => await Lab.Admin.Resource(new GroupKind("", "Pod")).FindAsync(Default, "orders") is null
                    && await Lab.Admin.Resource(new GroupKind("", "Pod")).FindAsync(Default, "web") is null,
                "the pods are gone");
        });
        return await StartAsync(new PodPlan(Default, "web"), new PodPlan(Default, "orders") { Node = "node-2", IsEcho = true }, other);
    }
}
