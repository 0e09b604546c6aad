using System.Collections.Concurrent;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Working;
using Ambient.Operator.Telemetry;
using Ambient.Operator.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Issuing;

/// <summary>
/// Leader only: keeps ConfigMap <c>ambient-ca-root-cert</c>, key <c>root-cert.pem</c>, in every namespace, the system's first. A
/// namespace is worked on when it is new, when the roots change, and every ten minutes in case somebody changed the ConfigMap.
/// </summary>
internal sealed partial class RootsWriter
{
    public const string ConfigMapName = "ambient-ca-root-cert";
    public const string Key = "root-cert.pem";
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    private readonly OperatorConfig _config;
    private readonly ResourceClient<ConfigMap> _configMaps;
    private readonly AuthorityKeeper _authority;
    private readonly NamespaceRoster _namespaces;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public RootsWriter(
        OperatorConfig config, KubeClient client, AuthorityKeeper authority, NamespaceRoster namespaces, OperatorMetrics metrics,
        TimeProvider time, ILogger logger)
    {
        _config = config;
        _configMaps = client.Resource<ConfigMap>();
        _authority = authority;
        _namespaces = namespaces;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <summary>Writes while leading.</summary>
    public async Task RunAsync(CancellationToken leading)
    {
        using var queue = new WorkQueue<string>(new RateLimit { FirstBackoff = TimeSpan.FromMilliseconds(200), MaxBackoff = TimeSpan.FromMinutes(1) }, _time);
        var written = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        void AddAll()
        {
            queue.Add(_config.SystemNamespace);
            foreach (string ns in _namespaces.List())
            {
                queue.Add(ns);
            }
        }

        _namespaces.Added += queue.Add;
        _authority.Changed += AddAll;
        try
        {
            AddAll();
            await Task.WhenAll(WorkAsync(queue, written, leading), WorkAsync(queue, written, leading), RepeatAsync(AddAll, written, leading));
        }
        finally
        {
            _namespaces.Added -= queue.Add;
            _authority.Changed -= AddAll;
        }
    }

    private async Task RepeatAsync(Action addAll, ConcurrentDictionary<string, string> written, CancellationToken leading)
    {
        while (true)
        {
            await Task.Delay(Again, _time, leading);
            written.Clear();
            addAll();
        }
    }

    private async Task WorkAsync(WorkQueue<string> queue, ConcurrentDictionary<string, string> written, CancellationToken leading)
    {
        while (await queue.GetAsync(leading) is (true, { } ns))
        {
            try
            {
                await WriteAsync(ns, written, leading);
                queue.Forget(ns);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException or TimeoutException)
            {
                if (_namespaces.Contains(ns) || ns == _config.SystemNamespace)
                {
                    LogFailed(_logger, ns, e.Message);
                    queue.AddRateLimited(ns);
                }
            }
            finally
            {
                queue.Done(ns);
            }
        }
    }

    private async Task WriteAsync(string ns, ConcurrentDictionary<string, string> written, CancellationToken leading)
    {
        if (_authority.Current?.RootsPem is not { } roots || (written.TryGetValue(ns, out string? last) && last == roots))
        {
            return;
        }

        await _configMaps.ApplyAsync(
            new ConfigMap
            {
                Metadata = new ObjectMeta { Name = ConfigMapName, Namespace = ns },
                Data = new Dictionary<string, string> { [Key] = roots },
            },
            FieldManagers.Roots, force: true, leading);
        written[ns] = roots;
        _metrics.RootsWritten.Add();
    }

    [LoggerMessage(120, LogLevel.Warning, "The roots could not be written to namespace {Namespace}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string @namespace, string reason);
}
