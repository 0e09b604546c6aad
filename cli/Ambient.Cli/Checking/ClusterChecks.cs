using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Core;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Cli.Checking;

/// <summary>What the mesh needs of a cluster, and whether it is there and well. Only reads.</summary>
internal static class ClusterChecks
{
    private const string Area = "cluster";

    private static readonly Version MinimumKubernetes = new(1, 29);

    public static async Task<ImmutableArray<CheckResult>> RunAsync(KubeClient client, CancellationToken cancellation)
    {
        ImmutableArray<CheckResult>.Builder results = ImmutableArray.CreateBuilder<CheckResult>();
        results.Add(await VersionAsync(client, cancellation));
        results.Add(await DefinitionsAsync(client, cancellation));
        results.Add(await OperatorAsync(client, cancellation));
        results.Add(await ProxiesAsync(client, cancellation));
        results.AddRange(await NodesAsync(client, cancellation));
        results.AddRange(await OtherMeshesAsync(client, cancellation));
        return results.ToImmutable();
    }

    private static async Task<CheckResult> VersionAsync(KubeClient client, CancellationToken cancellation)
    {
        await using Stream body = await client.GetStreamAsync("/version", cancellation);
        JsonNode? version = await JsonNode.ParseAsync(body, cancellationToken: cancellation);
        string text = version?["gitVersion"]?.GetValue<string>() ?? "unknown";
        return MachineChecks.KernelVersion(text.TrimStart('v')) is { } known && known >= MinimumKubernetes
            ? CheckResult.Ok(Area, "kubernetes", text)
            : CheckResult.Warning(Area, "kubernetes", text, $"versions from {MinimumKubernetes} are tested");
    }

    private static async Task<CheckResult> DefinitionsAsync(KubeClient client, CancellationToken cancellation)
    {
        GroupKind[] needed =
            [new("security.istio.io", "AuthorizationPolicy"), new("security.istio.io", "PeerAuthentication"), new("ambient.dev", "Mesh")];
        List<string> missing = [];
        foreach (GroupKind kind in needed)
        {
            if (await client.Discovery.FindAsync(kind, default, cancellation) is null)
            {
                missing.Add(kind.ToString());
            }
        }

        return missing.Count == 0
            ? CheckResult.Ok(Area, "definitions", "installed")
            : CheckResult.Failed(Area, "definitions", $"not served: {string.Join(", ", missing)}", "ambientctl crds | kubectl apply --server-side -f -");
    }

    private static async Task<CheckResult> OperatorAsync(KubeClient client, CancellationToken cancellation)
    {
        Deployment? found = await client.FindAsync<Deployment>(MeshDefaults.SystemNamespace, "ambient-operator", cancellation);
        int ready = found?.Status?.ReadyReplicas ?? 0;
        return found is null
            ? CheckResult.Failed(Area, "operator", $"no Deployment {MeshDefaults.SystemNamespace}/ambient-operator", "install the chart charts/ambient")
            : ready == 0 ? CheckResult.Failed(Area, "operator", "no replica is ready", $"kubectl -n {MeshDefaults.SystemNamespace} describe deployment ambient-operator")
            : CheckResult.Ok(Area, "operator", $"{ready} ready");
    }

    private static async Task<CheckResult> ProxiesAsync(KubeClient client, CancellationToken cancellation)
    {
        DaemonSet? found = await client.FindAsync<DaemonSet>(MeshDefaults.SystemNamespace, "ambient-ztunnel", cancellation);
        int ready = found?.Status?.NumberReady ?? 0;
        int wanted = found?.Status?.DesiredNumberScheduled ?? 0;
        return found is null
            ? CheckResult.Failed(Area, "ztunnel", $"no DaemonSet {MeshDefaults.SystemNamespace}/ambient-ztunnel", "install the chart charts/ambient")
            : ready < wanted || wanted == 0
                ? CheckResult.Failed(Area, "ztunnel", $"{ready} of {wanted} nodes ready", $"kubectl -n {MeshDefaults.SystemNamespace} get pods -o wide")
            : CheckResult.Ok(Area, "ztunnel", $"{ready} of {wanted} nodes ready");
    }

    private static async Task<IEnumerable<CheckResult>> NodesAsync(KubeClient client, CancellationToken cancellation)
    {
        KubeList<JsonObject> nodes = await client.Resource(new GroupKind("", "Node")).ListAsync(null, null, cancellation);
        return nodes.Items.Select(node =>
        {
            string name = $"node {node["metadata"]?["name"]}";
            string kernel = node["status"]?["nodeInfo"]?["kernelVersion"]?.ToString() ?? "";
            return MachineChecks.KernelVersion(kernel) switch
            {
                null => CheckResult.Skipped(Area, name, "does not tell its kernel's version", $"it must be {CheckedKernel.Minimum} or later"),
                var v when v < CheckedKernel.Minimum => CheckResult.Failed(Area, name, $"kernel {kernel}", $"at least {CheckedKernel.Minimum} is needed"),
                _ => CheckResult.Ok(Area, name, $"kernel {kernel}"),
            };
        });
    }

    private static async Task<IEnumerable<CheckResult>> OtherMeshesAsync(KubeClient client, CancellationToken cancellation)
    {
        KubeList<JsonObject> hooks;
        try
        {
            hooks = await client.Resource(new GroupKind("admissionregistration.k8s.io", "MutatingWebhookConfiguration")).ListAsync(null, null, cancellation);
        }
        catch (KubeException e) when (e is NotServedException || e.Code == 403)
        {
            return [CheckResult.Skipped(Area, "other meshes", e.Message, "an injector of another mesh on enrolled namespaces adds sidecars")];
        }

        string[] injectors = [.. hooks.Items.Select(h => h["metadata"]?["name"]?.ToString() ?? "")
            .Where(n => n.Contains("istio-sidecar-injector", StringComparison.Ordinal) || n.Contains("linkerd-proxy-injector", StringComparison.Ordinal))];
        return injectors.Length == 0
            ? [CheckResult.Ok(Area, "other meshes", "no sidecar injector found")]
            : injectors.Select(i => CheckResult.Warning(
                Area, "other meshes", $"{i} injects sidecars; pods that carry one are never enrolled",
                "set the chart value foreignInjectionLabels to false while both are installed"));
    }
}
