using System.Threading.Channels;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Working;

/// <summary>
/// Writes Events about objects, in the background, the same one again as a higher count. What comes faster than it can be written,
/// or too often about one object, is dropped: Events inform, they are no record.
/// </summary>
public sealed partial class EventRecorder
{
    private const int MaxRemembered = 4096;
    private static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(10);

    private readonly ResourceClient<Event> _events;
    private readonly string _component;
    private readonly string _instance;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Pending> _pending = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Dictionary<Pending, Written> _written = [];

    public EventRecorder(KubeClient client, string component, string instance, TimeProvider time, ILogger logger)
    {
        _events = client.Resource<Event>();
        _component = component;
        _instance = instance;
        _time = time;
        _logger = logger;
    }

    /// <summary>Never waits, never fails. Reason: one CamelCase word. Type: Normal or Warning.</summary>
    public void Record(ObjectReference about, string type, string reason, string message) =>
        _pending.Writer.TryWrite(new Pending(about with { ResourceVersion = null }, type, reason, message.Length > 1024 ? message[..1024] : message));

    /// <summary>Writes until cancelled, and then returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (Pending pending in _pending.Reader.ReadAllAsync(cancellation))
            {
                try
                {
                    await WriteAsync(pending, cancellation);
                }
                catch (Exception e) when (!cancellation.IsCancellationRequested
                    && e is KubeException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
                {
                    LogFailed(_logger, pending.Reason, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task WriteAsync(Pending pending, CancellationToken cancellation)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (_written.TryGetValue(pending, out Written? before) && _time.GetElapsedTime(before.At) < RepeatWindow)
        {
            before.Count++;
            before.At = _time.GetTimestamp();
            var body = new System.Text.Json.Nodes.JsonObject
            {
                ["count"] = before.Count,
                ["lastTimestamp"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            };
            await _events.PatchAsync(before.Namespace, before.Name, Patch.Merge(body), cancellation);
            return;
        }

        if (_written.Count >= MaxRemembered)
        {
            _written.Clear();
        }

        // Events of cluster-scoped objects live in the default namespace, where kubectl looks for them.
        string ns = string.IsNullOrEmpty(pending.About.Namespace) ? "default" : pending.About.Namespace;
        string name = $"{pending.About.Name}.{now.UtcTicks:x}{Random.Shared.Next(0x1000):x3}";
        await _events.CreateAsync(Describe(pending, ns, name, now), null, cancellation);
        _written[pending] = new Written(ns, name) { At = _time.GetTimestamp(), Count = 1 };
    }

    private Event Describe(Pending pending, string @namespace, string name, DateTimeOffset now) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = @namespace },
        InvolvedObject = pending.About,
        Type = pending.Type,
        Reason = pending.Reason,
        Message = pending.Message,
        Count = 1,
        FirstTimestamp = now,
        LastTimestamp = now,
        Source = new EventSource { Component = _component },
        ReportingComponent = _component,
        ReportingInstance = _instance,
    };

    [LoggerMessage(40, LogLevel.Information, "The event {Reason} could not be written: {Cause}")]
    private static partial void LogFailed(ILogger logger, string reason, string cause);

    private sealed record Pending(ObjectReference About, string Type, string Reason, string Message);

    private sealed class Written(string @namespace, string name)
    {
        public string Namespace { get; } = @namespace;

        public string Name { get; } = name;

        public long At { get; set; }

        public int Count { get; set; }
    }
}
