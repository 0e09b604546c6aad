using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Cli.Cluster;
using Ambient.Core;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Cli.Proxies;

/// <summary>
/// Reads JSON from the admin ports of our own processes. They listen on their machine's loopback only, so the way is a command in the pod
/// through the API server; or an address that somebody forwards.
/// </summary>
internal static class AdminSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="address">Base URL, e.g. <c>http://127.0.0.1:15000</c>.</param>
    public static async Task<JsonNode> FromAddressAsync(string address, string path, TimeProvider time, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            throw CliException.Usage($"'{address}' is no URL", "--address", "it must be http://HOST:PORT", "for example --address http://127.0.0.1:15000");
        }

        using HttpClient http = new();
        using CancellationTokenSource limit = new(Patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return Parse(await http.GetStringAsync(new Uri(url, path), both.Token), address);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw CliException.Unreachable($"{address} does not answer {path}", "--address", e.Message, "check that the port is forwarded to a running process", e);
        }
    }

    /// <param name="app">Value of the pods' <c>app</c> label in the system namespace.</param>
    /// <param name="wanted">A pod's or node's name; null for all.</param>
    public static async Task<IReadOnlyList<(Pod Pod, JsonNode Answer)>> FromPodsAsync(
        KubeClient client, string app, string? wanted, int port, string path, CancellationToken cancellation)
    {
        Pod[] pods = await ProxyPods.OfSystemAsync(client, app, cancellation);
        Pod[] chosen = [.. pods.Where(p => wanted is null || p.Metadata.Name == wanted || p.Spec?.NodeName == wanted)];
        if (chosen.Length == 0)
        {
            string all = string.Join(", ", pods.Select(p => $"{p.Metadata.Name} on {p.Spec?.NodeName}"));
            throw CliException.Unreachable(
                wanted is null ? $"there is no {app} pod" : $"there is no {app} pod or node {wanted}", $"namespace {MeshDefaults.SystemNamespace}",
                all.Length == 0 ? "the mesh is not installed here" : $"there are: {all}", "see 'ambientctl check'");
        }

        return await FromPodsAsync(client, chosen, port, path, cancellation);
    }

    public static async Task<IReadOnlyList<(Pod Pod, JsonNode Answer)>> FromPodsAsync(
        KubeClient client, IEnumerable<Pod> pods, int port, string path, CancellationToken cancellation)
    {
        List<(Pod Pod, JsonNode Answer)> answers = [];
        foreach (Pod pod in pods)
        {
            answers.Add((pod, await FromPodAsync(client.Config, pod, port, path, cancellation)));
        }

        return answers;
    }

    private static async Task<JsonNode> FromPodAsync(KubeConfig config, Pod pod, int port, string path, CancellationToken cancellation)
    {
        string name = $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
        try
        {
            string text = await PodExec.RunAsync(
                config, pod.Metadata.Namespace ?? "", pod.Metadata.Name,
                ["curl", "-sS", "--fail", "--max-time", "20", $"http://127.0.0.1:{port}{path}"], cancellation);
            return Parse(text, name);
        }
        catch (Exception e) when (e is IOException or System.Net.WebSockets.WebSocketException)
        {
            throw CliException.Unreachable(
                $"cannot read {path} of {name}", $"port {port} of the pod's loopback, by a command in the pod", e.Message,
                $"forward it: kubectl -n {pod.Metadata.Namespace} port-forward pod/{pod.Metadata.Name} {port}:{port}, then --address http://127.0.0.1:{port}", e);
        }
    }

    private static JsonNode Parse(string text, string where)
    {
        try
        {
            return JsonNode.Parse(text) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw CliException.Unreachable("the answer is not JSON", where, e.Message, "check that this is a process of this mesh, of the same version", e);
        }
    }
}
