using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator;
using Ambient.Kube.Emulator.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Resources.Manifests;

namespace Ambient.Cli.Tests;

/// <summary>An embedded API server with our definitions, its kubeconfig in a file, and a node agent that answers commands in pods.</summary>
internal sealed class LiveCluster : IAsyncDisposable
{
    private readonly EmulatedApiServer _server;
    private readonly KubeClient _client;

    private LiveCluster(EmulatedApiServer server, Agent agent)
    {
        _server = server;
        NodeAgent = agent;
        Kubeconfig = Path.GetTempFileName();
        File.WriteAllText(Kubeconfig, server.AdminKubeconfig(server.Url));
        _client = new KubeClient(KubeConfig.Load(Kubeconfig));
    }

    public string Kubeconfig { get; }

    public Agent NodeAgent { get; }

    public static async Task<LiveCluster> StartAsync(CancellationToken ct)
    {
        Agent agent = new();
        EmulatorOptions options = new() { CrdDirectories = [SourceTree.Of("charts/ambient/crds")], NodeAgent = agent };
        return new LiveCluster(await EmulatedApiServer.StartAsync(options, ct), agent);
    }

    public async Task ApplyAsync(string yaml, CancellationToken ct)
    {
        ManifestSet set = ManifestReader.ReadText(Encoding.UTF8.GetBytes(yaml), "test.yaml");
        Assert.Empty(set.Errors);
        foreach (ManifestObject manifest in set.Objects)
        {
            JsonObject content = manifest.Content;
            string apiVersion = content["apiVersion"]!.GetValue<string>();
            string kind = content["kind"]!.GetValue<string>();
            ResourceClient<JsonObject> resource = _client.Resource(GroupVersionKind.Parse(apiVersion, kind));
            JsonNode? status = content["status"]?.DeepClone();
            await resource.ApplyAsync(content, "test", force: true, ct);
            if (status is not null)
            {
                Patch patch = Patch.Merge(new JsonObject { ["status"] = status });
                await resource.PatchStatusAsync(
                    content["metadata"]!["namespace"]?.GetValue<string>(), content["metadata"]!["name"]!.GetValue<string>(), patch, ct);
            }
        }
    }

    public Task<CommandRun> RunAsync(string arguments) => CommandRun.OfAsync([.. arguments.Split(' '), "--kubeconfig", Kubeconfig]);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        File.Delete(Kubeconfig);
    }

    internal sealed class Agent : INodeAgent
    {
        /// <summary>By pod: what a command in it prints, and its exit code.</summary>
        public Dictionary<string, (string Output, int ExitCode)> Answers { get; } = [];

        public List<string> Commands { get; } = [];

        public Task<Stream> LogsAsync(LogRequest request, CancellationToken ct) => throw new NotSupportedException();

        public async Task<int> ExecAsync(ExecRequest request, ExecStreams streams, CancellationToken ct)
        {
            Commands.Add(string.Join(' ', request.Command));
            (string output, int code) = Answers[request.Pod];
            await (code == 0 ? streams.Output! : streams.Error!).WriteAsync(Encoding.UTF8.GetBytes(output), ct);
            return code;
        }
    }
}
