using System.Text.Json.Nodes;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Probing;

/// <summary>The kubelet is no part of the mesh, and its probes must get in all the same.</summary>
public sealed class ProbeTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task Probes_UnderStrict_GoOn()
    {
        string ns = await NamespaceAsync("probes");
        string outside = await NamespaceAsync("out", enrolled: false);
        await PeerAuthenticationAsync(ns, "STRICT");
        MeshPod[] pods = await StartAsync(
            new PodPlan(outside, "old"),
            Probed("http", "httpGet: { path: /healthz, port: 8080 }"), Probed("tcp", "tcpSocket: { port: 9000 }"), Probed("exec", "exec: { command: [/bin/true] }"));
        foreach (MeshPod pod in pods[1..])
        {
            await BecomesAsync(pods[0], pod, 9000, reached: false);
        }

        // Two more periods of probes, with STRICT in force throughout.
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Stop);

        foreach (MeshPod pod in pods[1..])
        {
            JsonObject now = await Lab.Admin.Resource(new GroupKind("", "Pod")).GetAsync(ns, pod.Name, Stop);
            JsonNode status = now["status"]!["containerStatuses"]![0]!;
            Assert.Equal(0, (int)status["restartCount"]!);
            Assert.True((bool)status["ready"]!, status.ToJsonString());
        }

        PodPlan Probed(string name, string probe) => new(ns, name)
        {
            Node = "node-2",
            IsEcho = true,
            Container = $"livenessProbe: {{ {probe}, periodSeconds: 1, timeoutSeconds: 10 }}, startupProbe: {{ {probe}, periodSeconds: 1, timeoutSeconds: 10, failureThreshold: 60 }}",
        };
    }
}
