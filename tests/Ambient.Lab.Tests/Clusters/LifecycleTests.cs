using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Tests.Clusters;

/// <summary>What a node does with pods: start, probe, restart, update, end.</summary>
public sealed class LifecycleTests(LabFixture fixture) : IAsyncLifetime
{
    private const string Ns = "lifecycle";
    private LabCluster lab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        lab = await fixture.LabAsync();
        await lab.ApplyAsync(Manifests.Namespace(Ns), Ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task ReadinessProbe_ThatFails_TakesThePodOutOfItsServiceAndBack()
    {
        await lab.ApplyAsync(
            Manifests.Script(
                Ns, "door", "touch /tmp/open; exec sleep 1000",
                container: "readinessProbe: { exec: { command: [test, -f, /tmp/open] }, periodSeconds: 1, failureThreshold: 1 }")
            + Manifests.Empty(Ns, "door"),
            Ct);
        await lab.WaitReadyAsync(Ns, "app=door", 1, LabFixture.Patience, Ct);
        Assert.True(await ReadyEndpointAsync("door", ready: true));

        await lab.ExecInPodAsync(Ns, "door", ["rm", "/tmp/open"], null, Ct);
        Assert.False(await ReadyEndpointAsync("door", ready: false));

        await lab.ExecInPodAsync(Ns, "door", ["touch", "/tmp/open"], null, Ct);
        Assert.True(await ReadyEndpointAsync("door", ready: true));
        Assert.Equal(0, (await StatusAsync("door")).RestartCount);
    }

    [Fact]
    public async Task LivenessProbe_ThatFails_RestartsTheContainer()
    {
        await lab.ApplyAsync(
            Manifests.Script(
                Ns, "heart", "touch /tmp/beat; exec sleep 1000", pod: "terminationGracePeriodSeconds: 1",
                container: "livenessProbe: { exec: { command: [test, -f, /tmp/beat] }, periodSeconds: 1, failureThreshold: 1 }"),
            Ct);
        await lab.WaitReadyAsync(Ns, "app=heart", 1, LabFixture.Patience, Ct);

        await lab.ExecInPodAsync(Ns, "heart", ["sh", "-c", "until rm /tmp/beat 2>/dev/null; do sleep 0.05; done"], null, Ct);

        var status = await Talk.UntilAsync(() => StatusAsync("heart"), s => s is { RestartCount: 1, Ready: true }, "restarted once");
        Assert.Equal(143, status.LastState?.Terminated?.ExitCode);
    }

    [Fact]
    public async Task Container_ThatFails_IsRestartedWithGrowingPauses()
    {
        await lab.ApplyAsync(Manifests.Script(Ns, "broken", "echo run; exit 3"), Ct);

        var status = await Talk.UntilAsync(() => StatusAsync("broken"), s => s.RestartCount >= 2 && s.State?.Waiting is not null, "two restarts and a pause");

        Assert.Equal("CrashLoopBackOff", status.State!.Waiting!.Reason);
        Assert.Equal(3, status.LastState?.Terminated?.ExitCode);
        Assert.Equal("Running", (await PodAsync("broken")).Status!.Phase);
    }

    [Fact]
    public async Task Image_WithoutProgramOrCommand_SaysSo()
    {
        await lab.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: unknown-image, namespace: {{Ns}} }
            spec: { containers: [{ name: main, image: "nobody/knows:1" }] }
            """,
            Ct);
        var status = await Talk.UntilAsync(() => StatusAsync("unknown-image"), s => s.State?.Waiting?.Reason is "ErrImagePull" or "ImagePullBackOff", "image refused");
        Assert.Contains("nobody/knows:1", status.State!.Waiting!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pod_ThatNeverRestarts_EndsWithItsExitCode()
    {
        await lab.ApplyAsync(
            Manifests.Script(Ns, "good", "exit 0", pod: "restartPolicy: Never") + Manifests.Script(Ns, "bad", "exit 4", pod: "restartPolicy: Never"), Ct);
        await Talk.UntilAsync(async () => (await PodAsync("good")).Status?.Phase, p => p == "Succeeded", "good succeeded");
        await Talk.UntilAsync(async () => (await PodAsync("bad")).Status?.Phase, p => p == "Failed", "bad failed");
        Assert.Equal(4, (await StatusAsync("bad")).State?.Terminated?.ExitCode);
    }

    [Fact]
    public async Task Deletion_GivesTheProcessItsGrace_AndKillsWhatIgnoresIt()
    {
        await lab.ApplyAsync(
            Manifests.Script(Ns, "polite", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done", pod: "terminationGracePeriodSeconds: 20")
            + Manifests.Script(Ns, "deaf", "trap '' TERM; (trap '' TERM; sleep 1000) & echo up; while :; do sleep 0.05; done", pod: "terminationGracePeriodSeconds: 1"),
            Ct);
        await lab.WaitReadyAsync(Ns, "app=polite", 1, LabFixture.Patience, Ct);
        await lab.WaitReadyAsync(Ns, "app=deaf", 1, LabFixture.Patience, Ct);
        foreach (var name in (string[])["polite", "deaf"])
        {
            await Talk.UntilAsync(() => Task.FromResult(lab.Log(Ns, name)), l => l.Contains("up", StringComparison.Ordinal), "trap set");
            var started = TimeProvider.System.GetTimestamp();
            var netns = lab.PodNetnsPath(Ns, name);
            var mounts = new FileInfo($"/proc/{lab.ProcessId(Ns, name)}/ns/mnt").LinkTarget!;

            await lab.Admin.Resource<Pod>().DeleteAsync(Ns, name, null, Ct);
            await Talk.UntilAsync(async () => await lab.Admin.Resource<Pod>().FindAsync(Ns, name, Ct), p => p is null, $"{name} gone");

            Assert.False(File.Exists(netns), "its network namespace is gone");
            Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), d => InMountNamespace(d, mounts));
            var took = TimeProvider.System.GetElapsedTime(started);
            Assert.True(took < TimeSpan.FromSeconds(8), $"{name} took {took}");
        }
    }

    [Fact]
    public async Task Deployment_ThatChanges_IsReplacedWithoutAFailedCall()
    {
        await lab.ApplyAsync(Manifests.Echo(Ns, "rolling", replicas: 2, container: "lifecycle: { preStop: { sleep: { seconds: 1 } } }") + Manifests.Echo(Ns, "caller"), Ct);
        var caller = (await lab.WaitReadyAsync(Ns, "app=caller", 1, LabFixture.Patience, Ct))[0];
        await lab.WaitReadyAsync(Ns, "app=rolling", 2, LabFixture.Patience, Ct);
        await Talk.UntilAsync(() => lab.CallAsync(Ns, caller, "http://rolling/"), a => a.Error() is null, "service answers");
        var calls = lab.ExecInPodAsync(
            Ns, caller, ["timeout", "-s", "TERM", "8", "ambient-echo", "call", "http://rolling/", "--count", "0", "--interval", "20"], null, Ct);

        await lab.Admin.Resource(new GroupVersionKind("apps", "v1", "Deployment")).PatchAsync(
            Ns,
            "rolling",
            Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"template":{"metadata":{"labels":{"version":"v2"}}}}}""")!),
            Ct);
        await Talk.UntilAsync(() => VersionsAsync("rolling"), v => v is ["v2", "v2"], "both replaced");

        var lines = (await calls).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.True(lines.Count > 50, $"only {lines.Count} calls");
        Assert.All(lines, l => Assert.True(l.GetProperty("ok").GetBoolean(), l.ToString()));
        Assert.Equal(["v1", "v2"], lines.Select(l => l.GetProperty("body").GetProperty("version").GetString()).Distinct().Order());
    }

    [Fact]
    public async Task DaemonSet_RunsOnEveryNode_AndOnTheNodesNetworkWhenAskedTo()
    {
        await lab.ApplyAsync(
            $$"""
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: { name: everywhere, namespace: {{Ns}} }
            spec:
              selector: { matchLabels: { app: everywhere } }
              template:
                metadata: { labels: { app: everywhere } }
                spec:
                  hostNetwork: true
                  terminationGracePeriodSeconds: 1
                  containers: [{ name: main, image: debian, command: [sleep, "1000"] }]
            """,
            Ct);
        var names = await lab.WaitReadyAsync(Ns, "app=everywhere", 2, LabFixture.Patience, Ct);
        var pods = new List<Pod>();
        foreach (var name in names)
        {
            pods.Add(await PodAsync(name));
        }

        Assert.Equal(lab.Nodes.Select(n => n.Name), pods.Select(p => p.Spec!.NodeName).Order());
        Assert.All(pods, p => Assert.Equal(p.Status!.HostIp, p.Status.PodIp));
    }

    private async Task<bool> ReadyEndpointAsync(string service, bool ready)
    {
        var found = await Talk.UntilAsync(
            async () => (await lab.Admin.ListAsync<EndpointSlice>(Ns, new ListOptions { LabelSelector = $"kubernetes.io/service-name={service}" }, Ct)).Items
                .SelectMany(s => s.Endpoints).Select(e => e.Conditions?.Ready).FirstOrDefault(),
            r => r == ready,
            $"endpoint of {service} ready={ready}");
        return found!.Value;
    }

    private async Task<string[]> VersionsAsync(string app) =>
        [.. (await lab.Admin.ListAsync<Pod>(Ns, new ListOptions { LabelSelector = $"app={app}" }, Ct)).Items
            .Where(p => p.Metadata.DeletionTimestamp is null && p.Status?.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) == true)
            .Select(p => p.Metadata.Labels["version"])];

    private async Task<ContainerStatus> StatusAsync(string pod) => (await PodAsync(pod)).Status?.ContainerStatuses is [var first, ..] ? first : new ContainerStatus();

    private Task<Pod> PodAsync(string name) => lab.Admin.Resource<Pod>().GetAsync(Ns, name, Ct);

    private static bool InMountNamespace(string process, string mounts)
    {
        try
        {
            return new FileInfo(process + "/ns/mnt").LinkTarget == mounts;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
