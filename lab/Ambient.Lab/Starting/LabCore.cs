using System.Net;
using System.Net.Sockets;
using Ambient.Kube.Emulator;
using Ambient.Kube.Http;
using Ambient.Lab.Containers;
using Ambient.Lab.Controlling;
using Ambient.Lab.Naming;
using Ambient.Lab.Network;
using Ambient.Lab.Nodes;
using Ambient.Lab.Probing;
using Ambient.Lab.Scheduling;
using Ambient.Lab.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Lab.Starting;

/// <summary>
/// What a lab is made of, put together in this order: wires → sockets → API server → DNS → mirrors → nodes → controllers. It ends in the opposite one.
/// </summary>
internal sealed class LabCore : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> loops = [];
    private readonly List<IDisposable> parts = [];
    private ClusterDns? dns;

    private LabCore(LabOptions options, ClusterNetwork network, string folder)
    {
        Options = options;
        Network = network;
        Folder = folder;
        Endpoint = new AgentEndpoint(options.Time);
    }

    public LabOptions Options { get; }

    public ClusterNetwork Network { get; }

    /// <summary>The lab's folder in the tmpfs /run.</summary>
    public string Folder { get; }

    public AgentEndpoint Endpoint { get; }

    public EmulatedApiServer Api { get; private set; } = null!;

    public KubeClient Client { get; private set; } = null!;

    public ClusterMirror Cluster { get; private set; } = null!;

    public string Kubeconfig { get; private set; } = "";

    public List<NodeAgent> Agents { get; } = [];

    public static async Task<LabCore> StartAsync(LabOptions options, CancellationToken ct)
    {
        LabFolders.RequireNamespaces();
        if (options.Nodes is < 1 or > NetworkPlan.MaxNodes)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Nodes, $"a lab has 1 to {NetworkPlan.MaxNodes} nodes");
        }

        LabFolders.ShareNetns();
        var name = LabFolders.NextName();
        var core = new LabCore(options, new ClusterNetwork(name, new NetworkPlan(options.Families, options.Nodes)), $"/run/ambient-lab/{name}");
        try
        {
            await core.RunAsync(ct).ConfigureAwait(false);
            return core;
        }
        catch
        {
            await core.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void NameOutside(IReadOnlyDictionary<string, System.Net.IPAddress> hosts) => dns!.Outside = Naming.DnsZone.Of(hosts);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Agents.Select(a => a.DisposeAsync().AsTask())).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(false);
        foreach (var part in parts)
        {
            part.Dispose();
        }

        if (dns is not null)
        {
            await dns.DisposeAsync().ConfigureAwait(false);
        }

        if (Api is not null)
        {
            await Api.DisposeAsync().ConfigureAwait(false);
        }

        Network.Delete();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Folder);
        await Network.CreateAsync().ConfigureAwait(false);
        // The lab's own controllers talk to a socket of their own: the given one may belong to another network namespace.
        var internalSocket = ApiSockets.Loopback(except: (Options.ApiSocket?.LocalEndPoint as IPEndPoint)?.Port ?? 0);
        var internalUrl = Url(internalSocket);
        Kubeconfig = await StartApiAsync(internalSocket, ct).ConfigureAwait(false);
        var logger = (Options.Logging ?? NullLoggerFactory.Instance).CreateLogger("Ambient.Lab");
        Client = Own(new KubeClient(KubeConfig.Parse(Api.AdminKubeconfig(internalUrl), null, Options.Time), null, Options.Time, logger));
        Cluster = new ClusterMirror(Client, Options.Time, logger);
        dns = await ClusterDns.StartAsync(Network.OuterPath, Network.Plan.Gateways, Options.Time).ConfigureAwait(false);
        var sync = new ServiceSync(Cluster, dns, Enumerable.Range(1, Options.Nodes).Select(n => Netns.PathOf(Network.NodeNetns(n))));
        var controllers = (new WorkloadControllers(Cluster), new EndpointSliceController(Cluster), new Scheduler(Cluster));
        var nodes = Nodes();
        loops.Add(Cluster.RunAsync(stop.Token));
        await Task.WhenAll([
            Cluster.SyncedAsync(ct), DnsService.CreateAsync(Client, Network.Plan, ct),
            .. nodes.Select(n => new NodeReporter(n).RegisterAsync(ct))]).ConfigureAwait(false);
        foreach (var node in nodes)
        {
            var agent = new NodeAgent(node);
            Agents.Add(agent);
            Endpoint.Add(agent);
            agent.Start();
            loops.Add(new NodeReporter(node).RunAsync(stop.Token));
        }

        loops.AddRange([
            sync.RunAsync(stop.Token), controllers.Item1.RunAsync(stop.Token), controllers.Item2.RunAsync(stop.Token), controllers.Item3.RunAsync(stop.Token)]);
    }

    /// <summary>Returns the kubeconfig for people.</summary>
    private async Task<string> StartApiAsync(Socket own, CancellationToken ct)
    {
        var plan = Network.Plan;
        var given = Options.ApiSocket;
        var url = Url(given ?? own);
        var artifacts = Options.ArtifactsDirectory ?? LabFolders.Artifacts();
        Api = await EmulatedApiServer.StartAsync(
            new EmulatorOptions
            {
                ListenSockets = [own, .. given is null ? [] : new[] { given }, .. await ApiSockets.OuterAsync(Network).ConfigureAwait(false)],
                CrdDirectories = Options.CrdDirectories ?? LabFolders.Crds(artifacts),
                NodeAgent = Endpoint,
                AdvertisedAddress = new IPEndPoint(plan.Gateways[0], NetworkPlan.ApiPort),
                ServiceCidr = plan.HasIPv4 ? NetworkPlan.Services4 : null,
                ServiceCidr6 = plan.HasIPv6 ? NetworkPlan.Services6 : null,
                Time = Options.Time,
                Logging = Options.Logging,
            },
            ct).ConfigureAwait(false);
        return Api.AdminKubeconfig(url);
    }

    private static string Url(Socket socket) => $"https://{socket.LocalEndPoint}";

    private List<NodeContext> Nodes()
    {
        var images = new ImageMap(Options.ArtifactsDirectory ?? LabFolders.Artifacts(), Options.Images);
        var nodes = new List<NodeContext>();
        for (var number = 1; number <= Options.Nodes; number++)
        {
            var name = $"node-{number}";
            var directory = Directory.CreateDirectory(Path.Combine(Folder, "nodes", name)).FullName;
            var host = Directory.CreateDirectory(Path.Combine(directory, "host")).FullName;
            var dialer = Own(new NodeDialer(Netns.PathOf(Network.NodeNetns(number))));
            nodes.Add(new NodeContext
            {
                Number = number,
                Name = name,
                Cluster = Cluster,
                Network = Network,
                Images = images,
                Prober = Own(new Prober(dialer, Options.Time)),
                Events = new EventWriter(Client, Options.Time, name),
                Cni = new CniPlugin(images.Program("ambient/cni"), host),
                Directory = directory,
            });
        }

        return nodes;
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        parts.Add(part);
        return part;
    }
}
