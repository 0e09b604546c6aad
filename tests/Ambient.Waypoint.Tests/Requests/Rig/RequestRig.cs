using System.Collections.Concurrent;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Tokens;
using Ambient.Routing.Resilience;
using Ambient.Waypoint.Authorization;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Listening;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Requests.Authorizing;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Requests.Limiting.Sharing;
using Ambient.Waypoint.Telemetry;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Forwarder;

namespace Ambient.Waypoint.Tests.Requests.Rig;

/// <summary>
/// The pipeline behind a real Kestrel, with real servers as endpoints, all on loopback and without tunnels: what requests meet, apart from how
/// they come. The service is <c>shop/orders.shop</c> on port 80.
/// </summary>
internal sealed class RequestRig : IAsyncDisposable, IEjections
{
    internal const string Host = "orders.shop";
    internal const string Key = "shop/orders.shop";

    private readonly List<IAsyncDisposable> _owned = [];
    private static readonly WaypointConfig s_config = new() { Gateway = new NamespacedName("shop", "waypoint"), ServiceAccount = "waypoint" };

    private readonly RequestTelemetry _telemetry;
    private readonly SharedLimits _sharedLimits;
    private readonly ServiceProvider _services;
    private readonly UpstreamPools _pools;
    private readonly MeshStore _store = new();
    private WaypointState _state = WaypointState.Empty;
    private WebApplication? _front;
    private int _h1Port, _h2Port;

    internal RequestRig(TimeProvider? time = null, ITokenCheck? tokens = null, IAuthorizationProviders? providers = null)
    {
        Time = time ?? TimeProvider.System;
        _services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        _pools = new UpstreamPools(Dialer, TimeProvider.System);
        Clusters = new ClusterSet("shop", Time, Random);
        Pipeline = new RequestPipeline(new PipelineParts
        {
            State = () => _state,
            Gateway = new NamespacedName("shop", "waypoint"),
            Identity = static () => new SpiffeId("cluster.local", "shop", "waypoint"),
            Clusters = Clusters,
            Forward = new ForwardParts
            {
                Forwarder = _services.GetRequiredService<IHttpForwarder>(),
                Invokers = _pools.For,
                Ejections = this,
                Time = Time,
                Random = Random,
            },
            Tokens = tokens ?? new TokenCheck(NoTokenKeys.Instance, Time),
            Providers = providers ?? new NoProviders(),
            SharedLimits = _sharedLimits = new SharedLimits(
                () => _state, new NamespacedName("shop", "waypoint"), static () => new SpiffeId("cluster.local", "shop", "waypoint"),
                static (_, _) => throw new IOException("there is no other replica"), Time, Random),
            Telemetry = _telemetry = new RequestTelemetry(s_config, TextWriter.Null, Time),
            Time = Time,
            Random = Random,
            Log = NullLogger.Instance,
        });
        Apply(new MeshUpdate { Services = [Service] });
    }

    internal TimeProvider Time { get; }

    internal Random Random { get; } = Random.Shared;

    internal ClusterSet Clusters { get; }

    internal RequestPipeline Pipeline { get; }

    internal TestDialer Dialer { get; } = new();

    /// <summary>Of requests that have ended, in order.</summary>
    internal ConcurrentQueue<RequestRecord> Records { get; } = new();

    internal ConcurrentQueue<string> Events { get; } = new();

    /// <summary>How the next connections look to the pipeline.</summary>
    internal Func<RequestConnection, RequestConnection> Connection { get; set; } = static c => c;

    internal MeshService Service { get; private set; } = new()
    {
        Name = "orders",
        Namespace = "shop",
        Hostname = Host,
        Addresses = [new ServiceAddress("", IPAddress.Parse("10.96.0.1"))],
        Ports = [new ServicePort(80, 0)],
    };

    internal Func<UpstreamKey, HttpMessageInvoker> Invokers => _pools.For;

    internal Cluster Cluster => Clusters.ForService(Key, 80, null);

    internal void Apply(MeshUpdate update)
    {
        _state = _state.Next(_store.Apply(update), "", s_config.Gateway);
        Clusters.Follow(_state.Snapshot, null);
    }

    internal void Serve(Func<MeshService, MeshService> with) => Apply(new MeshUpdate { Services = [Service = with(Service)] });

    /// <summary>The service's rules; there is one rule for everything unless this is called.</summary>
    internal void Route(params HttpRule[] rules) =>
        Apply(new MeshUpdate { Resources = [new RouteTable { Host = Host, Http = [.. rules.Select((r, i) => r with { Origin = Origin(i) })] }] });

    internal void Policy(TrafficPolicy policy, params Subset[] subsets) =>
        Apply(new MeshUpdate { Resources = [new BackendPolicy { Service = Key, Default = policy, Subsets = [.. subsets] }] });

    internal void Authorize(params RequestPolicy[] policies) => Apply(new MeshUpdate { Resources = [.. policies] });

    internal static RouteOrigin Origin(int rule = 0) => new("HTTPRoute", "shop", "orders", rule);

    /// <summary>A rule to the service itself.</summary>
    internal static HttpRule ToService(string? subset = null) => new()
    {
        Origin = Origin(),
        Action = new RouteAction.Forward([new WeightedBackend { Target = Target(subset) }]),
    };

    internal static BackendTarget Target(string? subset = null) => new(Key, "shop", "orders", 80, subset);

    /// <summary>An endpoint of the service.</summary>
    internal async Task<TestUpstream> EndpointAsync(
        string name, RequestDelegate handle, HttpProtocols protocols = HttpProtocols.Http1, MeshService? of = null, params string[] labels)
    {
        TestUpstream upstream = await TestUpstream.StartAsync(name, handle, protocols);
        _owned.Add(upstream);
        Declare(upstream.Workload(of ?? Service, labels));
        return upstream;
    }

    internal void Declare(Workload workload) => Apply(new MeshUpdate { Workloads = [workload] });

    internal async Task StartAsync(Action<KestrelServerOptions>? with = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowAlternateSchemes = true;
            FrontServer.Bound(kestrel.Limits);
            kestrel.Listen(IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http2);
            with?.Invoke(kestrel);
        });
        _front = builder.Build();
        _front.Run(HandleAsync);
        await _front.StartAsync();
        int[] ports = [.. _front.Urls.Select(u => new Uri(u).Port)];
        (_h1Port, _h2Port) = (ports[0], ports[1]);
    }

    internal IPEndPoint Address(bool http2 = false) => new(IPAddress.Loopback, http2 ? _h2Port : _h1Port);

    internal TestClient Client(bool http2 = false)
    {
        TestClient client = new(Address(http2), http2);
        _owned.Add(client);
        return client;
    }

    /// <summary>Waits until so many requests have ended.</summary>
    internal async Task<RequestRecord> LastAsync(int count = 1)
    {
        while (Records.Count < count)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return Records.Last();
    }

    public void Ejected(Cluster cluster, ClusterEndpoint endpoint, AttemptResult last) => Events.Enqueue($"ejected {endpoint.Workload.Name}");

    public void Probed(Cluster cluster, ClusterEndpoint endpoint, bool healthy) => Events.Enqueue($"{(healthy ? "healthy" : "unhealthy")} {endpoint.Workload.Name}");

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        if (_front is not null)
        {
            await _front.DisposeAsync();
        }

        await _sharedLimits.DisposeAsync();
        await _pools.DisposeAsync();
        await _telemetry.DisposeAsync();
        await _services.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        http.Features.Set(Connection(new RequestConnection
        {
            Caller = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", "client")),
            Source = new IPEndPoint(IPAddress.Parse("10.0.0.9"), 4711),
            Service = Service,
            Destination = new IPEndPoint(IPAddress.Parse("10.96.0.1"), 80),
            Port = 80,
        }));
        Records.Enqueue(await Pipeline.RunAsync(http));
    }
}
