using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Hbone.Transport;
using Ambient.Identity.Issuing;
using Ambient.Identity.Svids;
using Ambient.Identity.Trust;
using Ambient.Proxy.Hosting;
using Ambient.Waypoint.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>
/// A mesh on loopback addresses, without operator: waypoints run in this process, the ztunnels of callers and endpoints are played by the
/// test. Resources are changed before the first waypoint starts, or later by <see cref="Apply"/>.
/// </summary>
internal sealed class TestMesh : IAsyncDisposable
{
    internal const string Namespace = "shop";
    internal const string GatewayName = "waypoint";

    private static int s_ports = 21_000;
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<TestSource> _sources = [];
    private readonly string _directory = Directory.CreateTempSubdirectory("ambient-waypoint").FullName;
    private readonly StringWriter _log = new();
    private readonly TextWriter _toLog;
    private readonly StringWriter _accessLog = new();
    private readonly TextWriter _toAccessLog;
    private readonly CertificateAuthority _authority = CertificateAuthority.CreateSelfSigned(MeshDefaults.TrustDomain, TimeProvider.System);

    internal TestMesh()
    {
        _toLog = TextWriter.Synchronized(_log);
        _toAccessLog = TextWriter.Synchronized(_accessLog);
        string ca = Path.Combine(_directory, "ca");
        Directory.CreateDirectory(ca);
        File.WriteAllText(Path.Combine(ca, "ca-cert.pem"), _authority.CertificatePem);
        File.WriteAllText(Path.Combine(ca, "ca-key.pem"), _authority.KeyPem);
        File.WriteAllText(Path.Combine(ca, "root-cert.pem"), _authority.RootsPem);
        Gateway(GatewayName);
    }

    internal static IMeshTransport Transport { get; } = MeshTransport.Create(null, TimeProvider.System);

    internal static TrustPolicy Trust { get; } = new(MeshDefaults.TrustDomain);

    /// <summary>What the mesh has when a waypoint starts.</summary>
    internal MeshUpdate Resources { get; set; } = new();

    internal string Log
    {
        get
        {
            lock (_toLog)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Lines of requests, of all waypoints; they come a moment after their answers.</summary>
    internal string[] AccessLog
    {
        get
        {
            lock (_toAccessLog)
            {
                return _accessLog.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }

    /// <summary>How services and workloads name a waypoint.</summary>
    internal static GatewayAddress AddressOf(string gateway) =>
        new(new NamespacedName(Namespace, $"{gateway}.{Namespace}.svc.cluster.local"), null, ProxyPorts.Hbone);

    /// <summary>An SVID of this mesh.</summary>
    internal Svid Issue(string serviceAccount, string ns = Namespace)
    {
        var id = new Core.Identity.SpiffeId(MeshDefaults.TrustDomain, ns, serviceAccount);
        using SigningRequest request = SigningRequest.Create(id);
        return request.Complete(_authority.Sign(id, request.Pem, TimeSpan.FromHours(1)), TimeProvider.System);
    }

    /// <summary>Declares the service of a waypoint.</summary>
    internal void Gateway(string name) => Add(new MeshService
    {
        Name = name,
        Namespace = Namespace,
        Hostname = $"{name}.{Namespace}.svc.cluster.local",
        Addresses = [new ServiceAddress("", Loopback.Next())],
        Ports = [new ServicePort(ProxyPorts.Hbone, ProxyPorts.Hbone)],
    });

    /// <summary>A service on port 80 whose endpoints listen on 8080, behind a waypoint.</summary>
    internal MeshService Service(string name, AppProtocol protocol = AppProtocol.Http11, string? gateway = GatewayName)
    {
        var service = new MeshService
        {
            Name = name,
            Namespace = Namespace,
            Hostname = $"{name}.{Namespace}.svc.cluster.local",
            Addresses = [new ServiceAddress("", Loopback.Next())],
            Ports = [new ServicePort(80, 8080, protocol)],
            Waypoint = gateway is null ? null : AddressOf(gateway),
        };
        Add(service);
        return service;
    }

    /// <summary>A pod with its own identity; its ztunnel is the test's.</summary>
    internal TestPod Pod(string name, MeshService? of = null, IPAddress? address = null)
    {
        var workload = new Workload
        {
            Uid = $"{MeshDefaults.ClusterId}//Pod/{Namespace}/{name}",
            Name = name,
            Namespace = Namespace,
            ServiceAccount = name,
            Addresses = [address ?? Loopback.Next()],
            TunnelProtocol = TunnelProtocol.Hbone,
            CanonicalName = name,
            WorkloadName = name,
            Services = of is null ? ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty
                : ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(of.Key, of.Ports),
        };
        Add(workload);
        var pod = new TestPod(workload, Issue(name));
        _owned.Add(pod);
        return pod;
    }

    internal void Add(Workload workload) => Apply(new MeshUpdate { Workloads = [workload] });

    internal void Add(MeshService service) => Apply(new MeshUpdate { Services = [service] });

    /// <summary>To waypoints that run, and to those that start later.</summary>
    internal void Apply(MeshUpdate update)
    {
        Resources = Resources with
        {
            Workloads = [.. Resources.Workloads.Where(w => update.Workloads.All(u => u.Uid != w.Uid)), .. update.Workloads],
            Services = [.. Resources.Services.Where(s => update.Services.All(u => u.Key != s.Key)), .. update.Services],
            Resources = [.. Resources.Resources.Where(r => update.Resources.All(u => u.ResourceName != r.ResourceName)), .. update.Resources],
            Settings = update.Settings ?? Resources.Settings,
        };
        foreach (TestSource source in _sources)
        {
            source.Apply(update);
        }
    }

    /// <summary>A waypoint that serves; its own workload is an endpoint of the gateway's service.</summary>
    internal async Task<TestWaypoint> WaypointAsync(string gateway = GatewayName, Func<WaypointConfig, WaypointConfig>? with = null)
    {
        int number = Interlocked.Add(ref s_ports, 3);
        IPAddress address = Loopback.Next();
        string name = $"{gateway}-{number}";
        string key = AddressOf(gateway).Hostname.ToString()!;
        Add(new Workload
        {
            Uid = $"{MeshDefaults.ClusterId}//Pod/{Namespace}/{name}",
            Name = name,
            Namespace = Namespace,
            ServiceAccount = gateway,
            Addresses = [address],
            TunnelProtocol = TunnelProtocol.Hbone,
            NativeTunnel = true,
            Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(key, [new ServicePort(ProxyPorts.Hbone, ProxyPorts.Hbone)]),
        });
        var config = new WaypointConfig
        {
            Gateway = new NamespacedName(Namespace, gateway),
            ServiceAccount = gateway,
            PodName = name,
            BindAddress = address,
            AdminPort = 15000,
            StateDirectory = Path.Combine(_directory, name),
            LocalCa = Path.Combine(_directory, "ca"),
            DrainTime = TimeSpan.FromSeconds(10),
        };
        var loggers = new LineLogger(LogLevel.Debug, json: false, _toLog, TimeProvider.System);
        WaypointParts parts = WaypointParts.Make(
            with?.Invoke(config) ?? config, loggers, _toAccessLog, TimeProvider.System, sink =>
            {
                var source = new TestSource(sink, Resources);
                _sources.Add(source);
                return source;
            });
        var waypoint = new TestWaypoint(new WaypointNode(parts, loggers), parts, address, Issue(gateway).Id);
        _owned.Add(waypoint);
        await waypoint.Node.StartAsync();
        return waypoint;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
