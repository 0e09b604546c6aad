using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Benchmarks.Measuring;
using Ambient.Discovery.Subscribing;
using Ambient.Kube.Emulator;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Benchmarks.Control;

/// <summary>
/// The operator as its own process, an API server and the proxies in this one, on one machine: from the write to what a proxy is told.
/// </summary>
internal sealed class OperatorUnderLoad(int pods, int proxies, int policies, string root)
{
    private const int Sample = 100;
    private readonly string _folder = Directory.CreateTempSubdirectory("ambient-control-").FullName;
    private readonly int _discoveryPort = FreePort();
    private readonly int _adminPort = FreePort();

    public sealed record Row(int Pods, string What, string Value);

    public async Task<IReadOnlyList<Row>> RunAsync(CancellationToken ct)
    {
        await using EmulatedApiServer server = await EmulatedApiServer.StartAsync(
            new EmulatorOptions { CrdDirectories = [Path.Combine(root, "charts", "ambient", "crds")] }, ct);
        using var kube = new KubeClient(KubeConfig.Parse(server.AdminKubeconfig(server.Url)));
        string kubeconfig = Path.Combine(_folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, server.AdminKubeconfig(server.Url), ct);
        await ApplyAsync(kube, (JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"ambient-system"}}""")!, ct);
        foreach (JsonObject ns in CompileMeasurement.Objects(pods, 0).Where(o => (string)o["kind"]! is "Namespace"))
        {
            await ApplyAsync(kube, ns, ct);
            await kube.CreateAsync(new ServiceAccount { Metadata = new ObjectMeta { Name = "app", Namespace = (string)ns["metadata"]!["name"]! } }, ct);
        }

        await Parallel.ForEachAsync(CompileMeasurement.Objects(pods, policies).Where(o => (string)o["kind"]! is not "Namespace"), ct, async (o, c) => await ApplyAsync(kube, o, c));
        string token = await TokenAsync(kube, ct);

        using Process op = Start(kubeconfig);
        var followers = new List<CountingProxy>();
        try
        {
            return await MeasureAsync(kube, op, followers, token, ct);
        }
        finally
        {
            foreach (CountingProxy proxy in followers)
            {
                await proxy.DisposeAsync();
            }

            op.Kill();
            await op.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<IReadOnlyList<Row>> MeasureAsync(KubeClient kube, Process op, List<CountingProxy> followers, string token, CancellationToken ct)
    {
        var rows = new List<Row>();
        void Add(string what, FormattableString value) => rows.Add(new Row(pods, what, value.ToString(CultureInfo.InvariantCulture)));
        TimeSpan start = await ReadyAsync(op, ct);
        Add("start to ready", $"{start.TotalSeconds:0.0} s");
        Add("RSS, ready, no proxy", $"{ProcessUsage.ResidentKb([op.Id]) / 1024.0:0} MB");
        string roots = await RootsAsync(kube, ct);
        CountingProxy first = await FollowAsync(followers, roots, token, ct);
        double oneCpu = ProcessUsage.CpuSeconds([op.Id]);
        (double[] one, _) = await PoliciesAsync("one", kube, followers, i => ("own", $"pod-{i}"), ct);
        oneCpu = (ProcessUsage.CpuSeconds([op.Id]) - oneCpu) * 1000 / Sample;
        Add($"{Sample} policies one by one, each for one pod: write to the proxy", $"p50 {At(one, 0.5):0} ms, p99 {At(one, 0.99):0} ms; operator CPU {oneCpu:0} ms each");
        double manyCpu = ProcessUsage.CpuSeconds([op.Id]);
        (double[] many, _) = await PoliciesAsync("many", kube, followers, _ => ("part-of", "shop"), ct);
        manyCpu = (ProcessUsage.CpuSeconds([op.Id]) - manyCpu) * 1000 / Sample;
        Add($"{Sample} policies one by one, each for 1,000 pods: write to the proxy", $"p50 {At(many, 0.5):0} ms, p99 {At(many, 0.99):0} ms; operator CPU {manyCpu:0} ms each");
        Add("a namespace of 1,000 pods enrolled: label to the last of its node's pods", $"{await EnrolAsync(kube, first, ct):0} ms");
        for (int i = 1; i < proxies; i++)
        {
            await FollowAsync(followers, roots, token, ct);
        }

        (_, double[] last) = await PoliciesAsync("spread", kube, followers, i => ("own", $"pod-{i}"), ct);
        Add($"{Sample} policies, each for one pod: write to the last of {proxies} proxies", $"p50 {At(last, 0.5):0} ms, p99 {At(last, 0.99):0} ms");
        Add($"RSS, {proxies} proxies, after these changes", $"{ProcessUsage.ResidentKb([op.Id]) / 1024.0:0} MB");
        return rows;
    }

    private async Task<CountingProxy> FollowAsync(List<CountingProxy> followers, string roots, string token, CancellationToken ct)
    {
        var proxy = new CountingProxy(new DiscoveryClientOptions
        {
            Address = new Uri($"https://localhost:{_discoveryPort}"),
            RootCertificatesPath = roots,
            Token = () => token,
            NodeId = $"ztunnel~127.0.0.1~ztunnel-{followers.Count}.ambient-system~ambient-system.svc.cluster.local",
        });
        followers.Add(proxy);
        while (!proxy.HasSynced)
        {
            await Task.Delay(10, ct);
        }

        return proxy;
    }

    /// <summary>Milliseconds from each write to the first proxy and to the last.</summary>
    private static async Task<(double[] First, double[] Last)> PoliciesAsync(
        string name, KubeClient kube, List<CountingProxy> followers, Func<int, (string Label, string Value)> selector, CancellationToken ct)
    {
        var first = new double[Sample];
        var last = new double[Sample];
        for (int i = 0; i < Sample; i++)
        {
            (string label, string value) = selector(i);
            string key = $"ns-0/{name}-{i}";
            Task[] arrivals = [.. followers.Select(f => f.PolicyAsync(key))];
            long begun = Stopwatch.GetTimestamp();
            Task write = ApplyAsync(kube, SampleMesh.Policy($"{name}-{i}", "ns-0", label, value), ct);
            await arrivals[0].WaitAsync(TimeSpan.FromSeconds(60), ct);
            first[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            await Task.WhenAll(arrivals).WaitAsync(TimeSpan.FromSeconds(60), ct);
            last[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            await write;
        }

        return ([.. first.Order()], [.. last.Order()]);
    }

    private static async Task<double> EnrolAsync(KubeClient kube, CountingProxy proxy, CancellationToken ct)
    {
        const int OfTheNode = SampleMesh.PodsOfNamespace / 100;
        await LabelAsync(kube, "disabled", ct);
        await Task.Delay(1000, ct);
        int before = proxy.Enrolled;
        long begun = Stopwatch.GetTimestamp();
        await LabelAsync(kube, "enabled", ct);
        while (proxy.Enrolled < before + OfTheNode)
        {
            await Task.Delay(1, ct);
        }

        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static async Task LabelAsync(KubeClient kube, string value, CancellationToken ct) => await kube.Resource<Namespace>().PatchAsync(
        null, "ns-0", Patch.Merge((JsonObject)JsonNode.Parse($$$"""{"metadata":{"labels":{"ambient.dev/mesh":"{{{value}}}"} } }""")!), ct);

    private Process Start(string kubeconfig)
    {
        string program = Path.Combine(root, "artifacts", "bin", "Ambient.Operator", "release", "Ambient.Operator");
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach ((string name, string value) in new Dictionary<string, string>
        {
            ["KUBECONFIG"] = kubeconfig,
            ["POD_NAME"] = "operator-0",
            ["AMBIENT_XDS_LISTEN"] = $"127.0.0.1:{_discoveryPort}",
            ["AMBIENT_ADMIN_LISTEN"] = $"127.0.0.1:{_adminPort}",
            ["AMBIENT_SERVING_NAMES"] = "localhost",
            ["AMBIENT_LOG_LEVEL"] = "warn",
        })
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        return process;
    }

    private async Task<TimeSpan> ReadyAsync(Process op, CancellationToken ct)
    {
        using var http = new HttpClient();
        long begun = Stopwatch.GetTimestamp();
        while (!op.HasExited)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_adminPort}/healthz/ready"), ct);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return Stopwatch.GetElapsedTime(begun);
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(20, ct);
        }

        throw new InvalidOperationException($"the operator ended with {op.ExitCode}");
    }

    private async Task<string> RootsAsync(KubeClient kube, CancellationToken ct)
    {
        string path = Path.Combine(_folder, "roots.pem");
        while (true)
        {
            if (await kube.FindAsync<ConfigMap>("ambient-system", "ambient-ca-root-cert", ct) is { } map)
            {
                await File.WriteAllTextAsync(path, map.Data["root-cert.pem"], ct);
                return path;
            }

            await Task.Delay(50, ct);
        }
    }

    private static async Task<string> TokenAsync(KubeClient kube, CancellationToken ct)
    {
        await kube.CreateAsync(new ServiceAccount { Metadata = new ObjectMeta { Name = "ambient-ztunnel", Namespace = "ambient-system" } }, ct);
        Pod pod = await kube.CreateAsync(
            new Pod
            {
                Metadata = new ObjectMeta { Name = "ztunnel-1", Namespace = "ambient-system" },
                Spec = new PodSpec { NodeName = "node-1", ServiceAccountName = "ambient-ztunnel", Containers = [new Container { Name = "z", Image = "z" }] },
            },
            ct);
        return (await kube.CreateTokenAsync(
            "ambient-system", "ambient-ztunnel", ["istio-ca"], TimeSpan.FromHours(1), (pod.Metadata.Name, pod.Metadata.Uid!), ct)).Token;
    }

    private static async Task ApplyAsync(KubeClient kube, JsonObject o, CancellationToken ct)
    {
        ResourceClient<JsonObject> client = kube.Resource(GroupVersionKind.Parse((string)o["apiVersion"]!, (string)o["kind"]!));
        var metadata = (JsonObject)o["metadata"]!;
        metadata.Remove("uid");
        metadata.Remove("creationTimestamp");
        metadata.Remove("generation");
        JsonNode? status = o["status"]?.DeepClone();
        await client.CreateAsync(o, null, ct);
        if (status is not null)
        {
            await client.PatchStatusAsync((string?)metadata["namespace"], (string)metadata["name"]!, Patch.Merge(new JsonObject { ["status"] = status }), ct);
        }
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Ceiling(sorted.Length * share) - 1];

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
