using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Working;
using Ambient.Operator.Telemetry;
using Microsoft.Extensions.Logging;
using Condition = Ambient.Compile.Reports.Condition;

namespace Ambient.Operator.Status;

/// <summary>
/// Leader only: brings reports to <c>status.conditions</c> of their objects. Reads the object, merges, and writes only what differs, on the
/// version that it read. A condition that turns False is also told by an Event.
/// </summary>
internal sealed partial class StatusWriter
{
    private const int Workers = 4;

    private readonly KubeClient _client;
    private readonly StatusDesk _desk;
    private readonly EventRecorder _events;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ObjectKey, HashSet<string>> _writtenTypes = new();

    public StatusWriter(
        KubeClient client, StatusDesk desk, EventRecorder events, OperatorMetrics metrics, TimeProvider time, ILogger logger)
    {
        _client = client;
        _desk = desk;
        _events = events;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <summary>Writes while leading.</summary>
    public async Task RunAsync(CancellationToken leading)
    {
        using var queue = new WorkQueue<ObjectKey>(
            new RateLimit { FirstBackoff = TimeSpan.FromMilliseconds(100), MaxBackoff = TimeSpan.FromMinutes(2) }, _time);
        _desk.Changed += queue.Add;
        try
        {
            foreach (ObjectKey key in _desk.Keys())
            {
                queue.Add(key);
            }

            await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(queue, leading)));
        }
        finally
        {
            _desk.Changed -= queue.Add;
        }
    }

    private async Task WorkAsync(WorkQueue<ObjectKey> queue, CancellationToken leading)
    {
        while (true)
        {
            (bool ok, ObjectKey key) = await queue.GetAsync(leading);
            if (!ok)
            {
                return;
            }

            try
            {
                await WriteAsync(key, leading);
                queue.Forget(key);
            }
#pragma warning disable CA1031 // one object whose status cannot be written must not stop the others
            catch (Exception e) when (!leading.IsCancellationRequested)
#pragma warning restore CA1031
            {
                bool conflict = e is KubeException { IsConflict: true };
                if (!conflict)
                {
                    _metrics.StatusFailed.Add();
                    LogFailed(_logger, key.ToString(), e.Message);
                }

                queue.AddRateLimited(key);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }

    private async Task WriteAsync(ObjectKey key, CancellationToken leading)
    {
        if (_desk.Find(key) is not { } report)
        {
            return;
        }

        var type = GroupVersionKind.Parse(report.ApiVersion, report.Kind);
        ResourceClient<JsonObject> client = _client.Resource(type);
        if (await client.FindAsync(report.Namespace, report.Name, leading) is not { } standing)
        {
            _desk.Forget(key);
            _writtenTypes.TryRemove(key, out _);
            return;
        }

        long generation = standing["metadata"] is JsonObject metadata && metadata["generation"] is JsonValue g && g.TryGetValue(out long n) ? n : report.Generation;
        if (report.Generation != 0 && generation > report.Generation)
        {
            // A newer version is there: its own report is on its way, and this one would be about yesterday.
            return;
        }

        HashSet<string> retired = _writtenTypes.TryGetValue(key, out HashSet<string>? written)
            ? [.. written.Except(report.Conditions.Select(c => c.Type))]
            : [];
        var status = standing["status"] as JsonObject;
        if (StatusMerge.Merge(status, report, retired, _time.GetUtcNow()) is { } merged)
        {
            await PatchAsync(client, standing, report, merged, leading);
            _metrics.StatusWritten.Add();
            Tell(standing, status?["conditions"] as JsonArray, report);
        }

        _writtenTypes[key] = [.. report.Conditions.Select(c => c.Type)];
    }

    private static async Task PatchAsync(
        ResourceClient<JsonObject> client, JsonObject standing, StatusReport report, JsonObject status, CancellationToken leading)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = ObjectCodec.Dynamic.ResourceVersionOf(standing) },
            ["status"] = status,
        };
        var patch = Patch.Merge(body, FieldManagers.Status);
        ApiResource resource = await client.DescribeAsync(leading);
        await (resource.Subresources.Contains("status")
            ? client.PatchStatusAsync(report.Namespace, report.Name, patch, leading)
            : client.PatchAsync(report.Namespace, report.Name, patch, leading));
    }

    private void Tell(JsonObject standing, JsonArray? before, StatusReport report)
    {
        foreach (Condition condition in report.Conditions.Where(c => c.Status == "False"))
        {
            bool wasFalse = before?.OfType<JsonObject>().Any(c => ConditionMerge.Says(c, condition)) == true;
            if (!wasFalse)
            {
                _events.Record(
                    new ObjectReference
                    {
                        ApiVersion = report.ApiVersion,
                        Kind = report.Kind,
                        Namespace = report.Namespace.Length > 0 ? report.Namespace : null,
                        Name = report.Name,
                        Uid = ObjectCodec.Dynamic.UidOf(standing),
                    },
                    "Warning", condition.Reason, condition.Message);
            }
        }
    }

    [LoggerMessage(150, LogLevel.Warning, "The status of {Key} could not be written: {Reason}")]
    private static partial void LogFailed(ILogger logger, string key, string reason);
}
