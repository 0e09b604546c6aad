using Ambient.Compile.Gateways;
using Ambient.Compile.Provisioning;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Working;
using Ambient.Operator.Indexing;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Gateways;

/// <summary>
/// Leader only: keeps what Gateways of our classes need. A Gateway is worked on when it, its class, its parameters or anything made for it
/// changes, and every ten minutes. What stands in the way goes to its status.
/// </summary>
internal sealed partial class GatewayReconciler
{
    private const int Workers = 2;
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    private readonly OperatorConfig _config;
    private readonly KubeClient _client;
    private readonly GatewayRoster _roster;
    private readonly MeshIndexer _indexer;
    private readonly GatewayClassWriter _classes;
    private readonly GatewayParameters _parameters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public GatewayReconciler(
        OperatorConfig config, KubeClient client, GatewayRoster roster, MeshIndexer indexer, TimeProvider time, ILogger logger)
    {
        _config = config;
        _client = client;
        _roster = roster;
        _indexer = indexer;
        _classes = new GatewayClassWriter(client, roster, time, logger);
        _parameters = new GatewayParameters(config, client, time);
        _time = time;
        _logger = logger;
    }

    /// <summary>Works while leading.</summary>
    public async Task RunAsync(CancellationToken leading)
    {
        using var queue = new WorkQueue<ObjectKey>(
            new RateLimit { FirstBackoff = TimeSpan.FromMilliseconds(200), MaxBackoff = TimeSpan.FromMinutes(1) }, _time);
        var owned = new OwnedObjects(_client, _config.Reflector, _time, _logger);
        var writer = new GatewayWriter(_client, owned);
        _roster.Changed += queue.Add;
        owned.Changed += queue.Add;
        try
        {
            Task watching = owned.RunAsync(leading);
            // Before all is known that stands, it cannot be told what is too much.
            await owned.WaitForSyncAsync(leading);
            AddAll(queue);
            await Task.WhenAll(
            [
                watching, _classes.RunAsync(leading), RepeatAsync(queue, leading),
                _parameters.FollowAsync(_roster, queue.Add, e => LogNoParameters(_logger, e.Message), leading),
                .. Enumerable.Range(0, Workers).Select(_ => WorkAsync(queue, writer, leading)),
            ]);
        }
        finally
        {
            _roster.Changed -= queue.Add;
            owned.Changed -= queue.Add;
        }
    }

    private void AddAll(WorkQueue<ObjectKey> queue)
    {
        foreach (ObjectKey key in _roster.Keys())
        {
            queue.Add(key);
        }
    }

    private async Task RepeatAsync(WorkQueue<ObjectKey> queue, CancellationToken leading)
    {
        while (true)
        {
            await Task.Delay(Again, _time, leading);
            AddAll(queue);
        }
    }

    private async Task WorkAsync(WorkQueue<ObjectKey> queue, GatewayWriter writer, CancellationToken leading)
    {
        while (await queue.GetAsync(leading) is (true, { } key))
        {
            try
            {
                ProvisioningProblem? problem = await ReconcileAsync(key, writer, leading);
                _indexer.Provisioned(key.Namespace, key.Name, problem);
                if (problem is null)
                {
                    queue.Forget(key);
                }
                else
                {
                    // What is in the way may be no object of ours, so nobody tells when it goes.
                    LogInTheWay(_logger, $"{key.Namespace}/{key.Name}", problem.Message);
                    queue.AddRateLimited(key);
                }
            }
#pragma warning disable CA1031 // one Gateway that cannot be made must not stop the others
            catch (Exception e) when (!leading.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(_logger, $"{key.Namespace}/{key.Name}", e.Message);
                if (e is KubeException { Code: 400 or 403 or 422 })
                {
                    _indexer.Provisioned(key.Namespace, key.Name, new ProvisioningProblem("NoResources", $"what it needs was refused: {e.Message}"));
                }

                queue.AddRateLimited(key);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }

    private async Task<ProvisioningProblem?> ReconcileAsync(ObjectKey key, GatewayWriter writer, CancellationToken leading)
    {
        if (_roster.Find(key) is not { } gateway || gateway.Manifest["metadata"]?["deletionTimestamp"] is not null)
        {
            // What was made for it has it as owner and goes with it.
            _parameters.Forget(key);
            return null;
        }

        if (!GatewayPlanner.IsOurs(gateway.Class, gateway.Controller))
        {
            _parameters.Forget(key);
            await writer.PruneAsync(key, null, leading);
            return null;
        }

        try
        {
            var parameters = await _parameters.OfAsync(key, gateway.Manifest, gateway.Class, leading);
            if (GatewayPlanner.Plan(gateway.Manifest, gateway.Controller, parameters, _config.Gateways, gateway.Sets) is { } plan)
            {
                return await writer.WriteAsync(key, plan, leading);
            }

            await writer.PruneAsync(key, null, leading);
            return null;
        }
        catch (ProvisioningException e)
        {
            return new ProvisioningProblem(ProvisioningProblem.InvalidParameters, e.Message);
        }
    }

    [LoggerMessage(182, LogLevel.Warning, "What Gateway {Gateway} needs could not be made: {Reason}")]
    private static partial void LogFailed(ILogger logger, string gateway, string reason);

    [LoggerMessage(183, LogLevel.Warning, "Gateway {Gateway}: {Reason}")]
    private static partial void LogInTheWay(ILogger logger, string gateway, string reason);

    [LoggerMessage(184, LogLevel.Warning, "Parameters of Gateways could not be read: {Reason}")]
    private static partial void LogNoParameters(ILogger logger, string reason);
}
