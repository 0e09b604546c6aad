using System.Globalization;
using System.Net;
using System.Text;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Ambient.Identity.Issuing;
using Ambient.Proxy.Hosting;
using Ambient.Ztunnel.Enrolment;
using Ambient.Ztunnel.Hosting;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Tests.Netlab;

/// <summary>
/// A mesh without an operator: its resources are a file that every node of the test follows, its CA a directory. Nodes run in this
/// process; each captures the pods that are added to it.
/// </summary>
internal sealed class TestMesh : IAsyncDisposable
{
    internal const string Namespace = "shop";

    private static int s_ports = 20_000;
    private readonly PodNetwork _network;
    private readonly List<ZtunnelNode> _nodes = [];
    private readonly List<Pod> _pods = [];
    private readonly Dictionary<string, string> _resources = [];
    private readonly string _directory = Directory.CreateTempSubdirectory("ambient-mesh").FullName;
    private readonly StringWriter _log = new(), _accessLog = new();
    private readonly TextWriter _toLog, _toAccessLog;
    private int _version;

    internal TestMesh(PodNetwork network)
    {
        _network = network;
        _toLog = TextWriter.Synchronized(_log);
        _toAccessLog = TextWriter.Synchronized(_accessLog);
        string ca = Path.Combine(_directory, "ca");
        Directory.CreateDirectory(ca);
        Authority = CertificateAuthority.CreateSelfSigned(MeshDefaults.TrustDomain, TimeProvider.System);
        File.WriteAllText(Path.Combine(ca, "ca-cert.pem"), Authority.CertificatePem);
        File.WriteAllText(Path.Combine(ca, "ca-key.pem"), Authority.KeyPem);
        File.WriteAllText(Path.Combine(ca, "root-cert.pem"), Authority.RootsPem);
        Settings = new MeshSettings();
    }

    internal CertificateAuthority Authority { get; }

    internal MeshSettings Settings { get; set; }

    /// <summary>Log of all nodes, for messages of failed tests.</summary>
    internal string Log => Read(_log, _toLog);

    internal string AccessLog => Read(_accessLog, _toAccessLog);

    internal string DirectoryPath => _directory;

    internal async Task<ZtunnelNode> NodeAsync(Func<ZtunnelConfig, ZtunnelConfig>? with = null)
    {
        Publish();
        ZtunnelConfig config = Config(_nodes.Count);
        var loggers = new LineLogger(LogLevel.Debug, json: false, _toLog, TimeProvider.System);
        var node = new ZtunnelNode(
            NodeParts.Make(with?.Invoke(config) ?? config, loggers, _toAccessLog, TimeProvider.System), loggers);
        _nodes.Add(node);
        await node.StartAsync();
        return node;
    }

    internal ZtunnelConfig Config(int node) => new()
    {
        NodeName = string.Create(CultureInfo.InvariantCulture, $"node-{node}"),
        StateDirectory = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"state-{node}")),
        CniSocket = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"cni-{node}.sock")),
        HandoverSocket = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"handover-{node}.sock")),
        LocalConfig = Path.Combine(_directory, "mesh.json"),
        LocalCa = Path.Combine(_directory, "ca"),
        ResolvConf = Path.Combine(_directory, "resolv.conf"),
        CniWait = TimeSpan.FromSeconds(5),
        DrainTime = TimeSpan.FromSeconds(3),
        SuccessorTime = TimeSpan.Zero,
        AdminPort = Interlocked.Increment(ref s_ports),
        MetricsPort = Interlocked.Increment(ref s_ports),
        ReadinessPort = Interlocked.Increment(ref s_ports),
    };

    /// <summary>A pod that no node knows yet.</summary>
    internal Pod Pod()
    {
        Pod pod = _network.NewPod();
        _pods.Add(pod);
        return pod;
    }

    /// <summary>A pod of the mesh, captured by the node, with its workload.</summary>
    internal async Task<Pod> PodAsync(ZtunnelNode node, string serviceAccount, Func<Workload, Workload>? with = null)
    {
        Pod pod = Pod();
        Add(with?.Invoke(WorkloadOf(pod, serviceAccount)) ?? WorkloadOf(pod, serviceAccount));
        Add(EnrolmentOf(pod, serviceAccount, true));
        await PublishAsync();
        CniReply reply = await node.Parts.Pods.AddAsync(RecordOf(pod));
        Assert.True(reply is { Ok: true, Captured: true }, $"{reply}\n{Log}");
        return pod;
    }

    internal static PodRecord RecordOf(Pod pod) => new()
    {
        Uid = UidOf(pod),
        Namespace = Namespace,
        Name = pod.Name,
        Netns = pod.Path,
        Addresses = [pod.Address.ToString(), pod.Address6.ToString()],
    };

    internal static string UidOf(Pod pod) => $"uid-{pod.Name}";

    internal static string WorkloadUidOf(Pod pod) => $"Kubernetes//Pod/{Namespace}/{pod.Name}";

    internal static Workload WorkloadOf(Pod pod, string serviceAccount) => new()
    {
        Uid = WorkloadUidOf(pod),
        Name = pod.Name,
        Namespace = Namespace,
        Addresses = [pod.Address, pod.Address6],
        ServiceAccount = serviceAccount,
        TunnelProtocol = TunnelProtocol.Hbone,
        CanonicalName = serviceAccount,
        CanonicalRevision = "v1",
        WorkloadName = serviceAccount,
    };

    internal static PodEnrolment EnrolmentOf(Pod pod, string serviceAccount, bool enrolled) => new()
    {
        PodUid = UidOf(pod),
        Namespace = Namespace,
        Name = pod.Name,
        ServiceAccount = serviceAccount,
        Enrolled = enrolled,
        Reason = "because the test says so",
        WorkloadUid = WorkloadUidOf(pod),
    };

    internal static MeshService ServiceOf(string name, string vip, int port, params IEnumerable<IPAddress> more) => new()
    {
        Name = name,
        Namespace = Namespace,
        Hostname = $"{name}.{Namespace}.svc.cluster.local",
        Addresses = [.. more.Prepend(IPAddress.Parse(vip)).Select(a => new ServiceAddress("", a))],
        Ports = [new ServicePort(port, port)],
    };

    internal void Add(Workload w) => Put("istio.workload.Address", w.Uid, new Istio.Workload.Address { Workload = WorkloadCodec.ToProto(w) });

    internal void Add(MeshService s) => Put("istio.workload.Address", s.Key, new Istio.Workload.Address { Service = ServiceCodec.ToProto(s) });

    internal void Add(AuthorizationPolicy p) => Put("istio.security.Authorization", p.Key, PolicyCodec.ToProto(p));

    internal void Add(PodEnrolment e) => Put("ambient.enrolment.v1.PodEnrolment", e.PodUid, EnrolmentCodec.ToProto(e));

    internal void Remove(string name) => _resources.Remove(name);

    /// <summary>Writes the file and waits until every node has applied it.</summary>
    internal async Task PublishAsync()
    {
        long[] before = [.. _nodes.Select(n => n.Parts.Context.Mesh.Current.Version)];
        Publish();
        await UntilAsync(() => _nodes.Zip(before).All(p => p.First.Parts.Context.Mesh.Current.Version > p.Second), "the nodes apply the mesh");
    }

    internal async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"waited in vain until {what}\n{Log}\n{AccessLog}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>Waits for a line of the access log that holds all these.</summary>
    internal async Task<string> LineAsync(params string[] parts)
    {
        string? line = null;
        await UntilAsync(
            () => (line = AccessLog.Split('\n').FirstOrDefault(l => parts.All(p => l.Contains(p, StringComparison.Ordinal)))) is not null,
            $"the access log holds {string.Join(" and ", parts)}");
        return line!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ZtunnelNode node in _nodes)
        {
            await node.DisposeAsync();
        }

        foreach (Pod pod in _pods)
        {
            pod.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    // A synchronised writer locks itself for each write.
    private static string Read(StringWriter text, TextWriter writer)
    {
        lock (writer)
        {
            return text.ToString();
        }
    }

    private void Put(string type, string name, IMessage value) =>
        _resources[name] = $$"""{"type":"{{type}}","name":"{{name}}","value":{{JsonFormatter.Default.Format(value)}}}""";

    private void Publish()
    {
        string settings = $$"""{"type":"ambient.mesh.v1.MeshSettings","name":"mesh","value":{{JsonFormatter.Default.Format(SettingsCodec.ToProto(Settings))}}}""";
        string text = $$"""{"version":{{++_version}},"resources":[{{string.Join(",", _resources.Values.Append(settings))}}]}""";
        string file = Path.Combine(_directory, "mesh.json");
        File.WriteAllText(file + ".new", text, Encoding.UTF8);
        File.Move(file + ".new", file, overwrite: true);
    }
}
