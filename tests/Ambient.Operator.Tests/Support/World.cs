using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;
using Ambient.Kube.Working;

namespace Ambient.Operator.Tests.Support;

/// <summary>An API server with the mesh's CRDs, and operators on it.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly List<RunningOperator> _operators = [];

    private World(EmulatedApiServer server)
    {
        Server = server;
        Config = KubeConfig.Parse(server.AdminKubeconfig(server.Url));
        Kube = new KubeClient(Config);
    }

    public EmulatedApiServer Server { get; }

    public KubeConfig Config { get; }

    public KubeClient Kube { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<World> StartAsync(bool crds = true)
    {
        ImmutableArray<string> folders = crds ? [Repository.Path("charts/ambient/crds")] : [];
        var world = new World(await EmulatedApiServer.StartAsync(new EmulatorOptions { CrdDirectories = folders }, Cancel));
        await world.NamespaceAsync("ambient-system");
        return world;
    }

    public async Task<RunningOperator> OperatorAsync(string name = "op-1", bool wait = true)
    {
        var running = new RunningOperator(new OperatorConfig
        {
            Kube = Config,
            PodName = name,
            DiscoveryAddress = new IPEndPoint(IPAddress.Loopback, 0),
            DiscoveryPort = 0,
            AdminAddress = new IPEndPoint(IPAddress.Loopback, 0),
            AdminPort = 0,
            ServingNames = ["localhost"],
            Reflector = new ReflectorOptions { NotServedPoll = TimeSpan.FromMilliseconds(200) },
            LeaderElection = new LeaderElectionOptions
            {
                LeaseDuration = TimeSpan.FromSeconds(2),
                RenewDeadline = TimeSpan.FromSeconds(1.5),
                RetryPeriod = TimeSpan.FromMilliseconds(200),
            },
        });
        _operators.Add(running);
        if (wait)
        {
            await running.Host.Ready.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        }

        return running;
    }

    public Task NamespaceAsync(string name, params (string Key, string Value)[] labels) => Kube.CreateAsync(
        new Namespace { Metadata = new ObjectMeta { Name = name, Labels = labels.ToDictionary(l => l.Key, l => l.Value) } }, Cancel);

    /// <summary>A running pod with an address; its service account is made when it is not there.</summary>
    public async Task<Pod> PodAsync(string ns, string name, string account, string node, string ip, string phase = "Running")
    {
        try
        {
            await Kube.CreateAsync(new ServiceAccount { Metadata = new ObjectMeta { Name = account, Namespace = ns } }, Cancel);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // Made for another pod.
        }

        Pod pod = await Kube.CreateAsync(
            new Pod
            {
                Metadata = new ObjectMeta { Name = name, Namespace = ns, Labels = new Dictionary<string, string> { ["app"] = name } },
                Spec = new PodSpec { NodeName = node, ServiceAccountName = account, Containers = [new Container { Name = "app", Image = "app" }] },
            },
            Cancel);
        await SetStatusAsync(ns, name, ip, phase);
        return pod;
    }

    public Task SetStatusAsync(string ns, string name, string ip, string phase) => Kube.Resource<Pod>().PatchStatusAsync(
        ns, name,
        Patch.Merge((JsonObject)JsonNode.Parse($$$"""
            {"status":{"phase":"{{{phase}}}","podIP":"{{{ip}}}","podIPs":[{"ip":"{{{ip}}}"}],"conditions":[{"type":"Ready","status":"True"}]}}
            """)!),
        Cancel);

    public async Task<string> TokenAsync(Pod pod, string audience = "istio-ca") => (await Kube.CreateTokenAsync(
        pod.Metadata.Namespace!, pod.Spec!.ServiceAccountName!, [audience], TimeSpan.FromHours(1), (pod.Metadata.Name, pod.Metadata.Uid!), Cancel)).Token;

    public Task ApplyAsync(string json) => ApplyAsync((JsonObject)JsonNode.Parse(json)!);

    public Task ApplyAsync(JsonObject manifest) => Kube
        .Resource(GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!))
        .ApplyAsync(manifest, "test", force: true, Cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (RunningOperator running in _operators)
        {
            await running.DisposeAsync();
        }

        Kube.Dispose();
        await Server.DisposeAsync();
    }
}
