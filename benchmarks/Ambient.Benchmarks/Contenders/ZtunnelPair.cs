using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Benchmarks.Hosts;
using Ambient.Core;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Google.Protobuf;

namespace Ambient.Benchmarks.Contenders;

/// <summary>
/// Two ztunnels, each on a node of its own, with one captured pod each: the same program and settings as on a cluster, its
/// resources from a file instead of an operator.
/// </summary>
internal sealed class ZtunnelPair(string workFolder, string program, ExtraPods? extra = null, MeshAdditions? additions = null) : IContender
{
    private readonly List<Process> processes = [];

    public string Name => "ztunnel";

    public string ClientHost => "mesh-c";

    public string ServerHost => "mesh-s";

    public string? HandshakeTarget => $"{BenchNetwork.MeshServer}:{ProxyPorts.Hbone}";

    public IReadOnlyList<int> ProxyPids => [.. processes.Select(p => p.Id)];

    public string TargetFor(int backendPort) => $"{BenchNetwork.MeshServer}:{backendPort}";

    public async Task StartAsync(CancellationToken ct)
    {
        await StartEmptyAsync(ct);
        await CaptureAsync(ct);
    }

    /// <summary>Captures the two pods and waits until a request gets through.</summary>
    public async Task CaptureAsync(CancellationToken ct)
    {
        Add("node-a", ClientHost, BenchNetwork.MeshClient);
        Add("node-b", ServerHost, BenchNetwork.MeshServer);
        if (additions is null)
        {
            await Ready.WaitAsync(ClientHost, TargetFor(8080), ct);
        }
    }

    /// <summary>File of the mesh's resources.</summary>
    public string MeshFile => Path.Combine(workFolder, Name, "mesh.json");

    /// <summary>Starts the two proxies without a pod.</summary>
    public async Task StartEmptyAsync(CancellationToken ct)
    {
        string folder = Path.Combine(workFolder, Name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "mesh.json"), Resources().ToJsonString());
        await StartNodeAsync("node-a", folder, ct);
        await StartNodeAsync("node-b", folder, ct);
    }

    /// <summary>Un-enrols both pods and ends the proxies, so that the next round starts from nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach ((string node, string pod) in ((string, string)[])[("node-a", ClientHost), ("node-b", ServerHost)])
        {
            Send(node, $$"""{"command":"DEL","podUid":"{{pod}}","namespace":"bench","name":"{{pod}}","netns":"/run/netns/{{pod}}","addresses":[]}""");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        processes.ForEach(Command.End);
        processes.Clear();
        foreach (string pod in (string[])[ClientHost, ServerHost])
        {
            await Command.RunAsync("nft", ["flush", "ruleset"], CancellationToken.None, pod);
        }
    }

    private async Task StartNodeAsync(string node, string folder, CancellationToken ct)
    {
        string state = Path.Combine(folder, node);
        if (Directory.Exists(state))
        {
            Directory.Delete(state, recursive: true);
        }

        Directory.CreateDirectory(state);
        processes.Add(Command.StartBackground(program, [], node, Path.Combine(folder, node + ".log"), new Dictionary<string, string>
        {
            ["NODE_NAME"] = node,
            ["AMBIENT_STATE_DIR"] = state,
            ["AMBIENT_CNI_SOCKET"] = SocketOf(node),
            ["AMBIENT_HANDOVER_SOCKET"] = Path.Combine(state, "handover.sock"),
            ["AMBIENT_LOCAL_CONFIG"] = Path.Combine(folder, "mesh.json"),
            ["AMBIENT_LOCAL_CA"] = Path.Combine(workFolder, "certs"),
            ["AMBIENT_MAX_CONNECTIONS_PER_POD"] = "20000",
            ["AMBIENT_LOG_LEVEL"] = "warning",
        }));
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using Socket probe = Connect(node);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            }
        }
    }

    /// <summary>The answer of a node's proxy to a line of the CNI plugin; returns when the pod is captured.</summary>
    public string Add(string node, string pod, string address)
    {
        string reply = Send(node,
            $$"""{"command":"ADD","podUid":"{{pod}}","namespace":"bench","name":"{{pod}}","netns":"/run/netns/{{pod}}","addresses":["{{address}}"]}""");
        return reply.Contains("\"captured\":true", StringComparison.Ordinal)
            ? reply
            : throw new InvalidOperationException($"ztunnel on {node} did not capture {pod}: {reply}");
    }

    private string SocketOf(string node) => Path.Combine(workFolder, node + "-cni.sock");

    private string Send(string node, string line)
    {
        using Socket socket = Connect(node);
        socket.Send(Encoding.UTF8.GetBytes(line + "\n"));
        byte[] buffer = new byte[8192];
        int count = socket.Receive(buffer);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }

    private Socket Connect(string node)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketOf(node)));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private JsonObject Resources()
    {
        JsonArray resources = [];
        foreach ((string pod, string address, string node) in (IEnumerable<(string, string, string)>)
            [(ClientHost, BenchNetwork.MeshClient, "node-a"), (ServerHost, BenchNetwork.MeshServer, "node-b"), .. extra?.All ?? []])
        {
            Workload workload = new()
            {
                Uid = $"Kubernetes//Pod/bench/{pod}",
                Name = pod,
                Namespace = "bench",
                ServiceAccount = pod,
                Addresses = [IPAddress.Parse(address)],
                TunnelProtocol = TunnelProtocol.Hbone,
                Node = node,
            };
            workload = additions?.Change(workload) ?? workload;
            PodEnrolment enrolment = new()
            {
                PodUid = pod,
                Namespace = "bench",
                Name = pod,
                ServiceAccount = pod,
                Enrolled = true,
                WorkloadUid = workload.Uid,
                DnsCapture = false,
            };
            resources.Add(Resource("istio.workload.Workload", workload.Uid, WorkloadCodec.ToProto(workload)));
            resources.Add(Resource("ambient.enrolment.v1.PodEnrolment", pod, EnrolmentCodec.ToProto(enrolment)));
        }

        foreach ((string type, string name, IMessage message) in additions?.Resources ?? [])
        {
            resources.Add(Resource(type, name, message));
        }

        // The peers write no access log either.
        resources.Add(Resource("ambient.mesh.v1.MeshSettings", "mesh", SettingsCodec.ToProto(new MeshSettings { AccessLog = false })));
        return new JsonObject { ["resources"] = resources };
    }

    private static JsonObject Resource(string type, string name, IMessage message) => new()
    {
        ["type"] = type,
        ["name"] = name,
        ["value"] = JsonNode.Parse(JsonFormatter.Default.Format(message)),
    };
}
