using Ambient.Discovery.Publishing;
using Ambient.Kube.Http;
using Ambient.Kube.Working;
using Ambient.Operator.Admin;
using Ambient.Operator.Gateways;
using Ambient.Operator.Indexing;
using Ambient.Operator.Issuing;
using Ambient.Operator.Status;
using Ambient.Operator.Telemetry;
using Ambient.Operator.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator;

/// <summary>
/// The control plane in one process. Order of a start: 1. metrics and readiness, 2. watches and CA, 3. when all is known, the first
/// state is compiled and published, 4. proxies are served, 5. whoever gets the lease writes to Kubernetes.
/// </summary>
public sealed partial class OperatorHost : IAsyncDisposable
{
    private readonly OperatorConfig _config;
    private readonly ILogger _logger;
    private readonly KubeClient _client;
    private readonly MeshWatches _watches;
    private readonly MeshIndexer _indexer;
    private readonly ReferencedObjects _references;
    private readonly AuthorityKeeper _authority;
    private readonly RootsWriter _roots;
    private readonly StatusWriter _status;
    private readonly GatewayReconciler _gateways;
    private readonly EventRecorder _events;
    private readonly LeaderElector _elector;
    private readonly CallerAuthenticator _authenticator;
    private readonly Readiness _readiness;
    private readonly OperatorServers _servers;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OperatorHost(OperatorConfig config, TimeProvider time, ILoggerFactory loggers)
    {
        _config = config;
        _time = time;
        _logger = loggers.CreateLogger("Ambient.Operator");
        _client = new KubeClient(config.Kube, new KubeClientOptions { UserAgent = "ambient-operator" }, time, _logger);
        var metrics = new OperatorMetrics();
        var pods = new PodRoster();
        var namespaces = new NamespaceRoster();
        var publisher = new MeshPublisher(time);
        var desk = new StatusDesk();
        var trustDomain = new TrustDomainInForce(config.TrustDomain);
        _indexer = new MeshIndexer(config, pods, namespaces, [trustDomain, new PublishedMesh(publisher, metrics, _logger), desk], metrics, time, _logger);
        _references = new ReferencedObjects(_client, _indexer, config.Reflector, time, _logger);
        _indexer.References = _references;
        var gateways = new GatewayRoster();
        _gateways = new GatewayReconciler(config, _client, gateways, _indexer, time, _logger);
        _watches = new MeshWatches(_client, new SharedSink(gateways, _indexer), config.Reflector, time, _logger);
        _authority = new AuthorityKeeper(config, _client, time, _logger);
        _authenticator = new CallerAuthenticator(_client, pods, metrics, time, _logger);
        var certificates = new CertificateEndpoint(config, _authority, trustDomain, pods, metrics, time, _logger);
        _roots = new RootsWriter(config, _client, _authority, namespaces, metrics, time, _logger);
        _events = new EventRecorder(_client, "ambient-operator", config.PodName, time, _logger);
        _status = new StatusWriter(_client, desk, _events, metrics, time, _logger);
        _elector = new LeaderElector(
            new LeaseLock(_client, config.SystemNamespace, "ambient-operator", config.PodName), config.LeaderElection, time, _logger);
        _readiness = new Readiness(_watches, _authority);
        var admin = new AdminEndpoints(
            new MetricsPage(metrics, _watches, publisher, _authority, _elector), _readiness, publisher, _indexer, config.DebugAnywhere);
        _servers = new OperatorServers(
            config, admin, publisher, _authenticator, certificates, new ServingCertificate(config, _authority, time), loggers);
    }

    /// <summary>Completes when proxies are served.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Known once the admin side listens, which it does before <see cref="Ready"/>.</summary>
    public int AdminPort => _servers.AdminPort;

    /// <summary>Known once <see cref="Ready"/>.</summary>
    public int DiscoveryPort => _servers.DiscoveryPort;

    /// <summary>Puts an operator together; nothing runs yet.</summary>
    public static OperatorHost Build(OperatorConfig config, TimeProvider? time = null, ILoggerFactory? loggers = null) =>
        new(config, time ?? TimeProvider.System, loggers ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

    /// <summary>Runs until cancelled; then stops serving, gives up the lease and returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await _servers.StartAdminAsync(stop.Token);
        List<Task> running = [_watches.RunAsync(stop.Token), _authority.RunAsync(stop.Token), _events.RunAsync(stop.Token)];
        try
        {
            Task start = WaitForStartAsync(stop.Token);
            await await Task.WhenAny([start, .. running]);
            await start;
            running.Add(_indexer.RunAsync(stop.Token));
            running.Add(_elector.RunAsync(LeadAsync, stop.Token));
            await await Task.WhenAny(running);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            _readiness.Stopping();
            await stop.CancelAsync();
            await Task.WhenAll(running);
            await _servers.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        await _references.DisposeAsync();
        _authenticator.Dispose();
        _client.Dispose();
    }

    private async Task WaitForStartAsync(CancellationToken cancellation)
    {
        long begun = _time.GetTimestamp();
        await Task.WhenAll(_watches.WaitForSyncAsync(cancellation), _authority.StartAsync(cancellation));
        await _indexer.ReadReferencedAsync(cancellation);
        _indexer.Flush();
        // Whole lists of objects were read; before proxies wait for us is the time to give that memory back.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        await _servers.StartDiscoveryAsync(cancellation);
        _readiness.Serving();
        _ready.TrySetResult();
        LogReady(_logger, _servers.DiscoveryPort, _time.GetElapsedTime(begun).TotalMilliseconds);
    }

    private Task LeadAsync(CancellationToken leading) => Task.WhenAll(
        _status.RunAsync(leading), _roots.RunAsync(leading), _gateways.RunAsync(leading), KeepRootsPublishedAsync(leading));

    private async Task KeepRootsPublishedAsync(CancellationToken leading)
    {
        while (true)
        {
            try
            {
                await _authority.PublishAsync(leading);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException or TimeoutException)
            {
                LogRootsNotPublished(_logger, e.Message);
            }

            await Task.Delay(TimeSpan.FromSeconds(30), _time, leading);
        }
    }

    [LoggerMessage(160, LogLevel.Information, "Serving proxies on port {Port}, {Milliseconds:0} ms after the start")]
    private static partial void LogReady(ILogger logger, int port, double milliseconds);

    [LoggerMessage(161, LogLevel.Warning, "The handed out roots could not be written down: {Reason}")]
    private static partial void LogRootsNotPublished(ILogger logger, string reason);
}
