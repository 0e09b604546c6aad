using System.Text.Json.Nodes;
using Ambient.Compile.Provisioning;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;
using Ambient.Operator.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Gateways;

/// <summary>
/// What we made for Gateways, by the label that says so, watched while leading: what somebody changes or deletes is made again, and what
/// a Gateway no longer needs is found.
/// </summary>
internal sealed class OwnedObjects : IObjectSink
{
    public static readonly GroupKind Deployment = new("apps", "Deployment");
    public static readonly GroupKind Service = new("", "Service");
    public static readonly GroupKind ServiceAccount = new("", "ServiceAccount");
    public static readonly GroupKind Budget = new("policy", "PodDisruptionBudget");
    public static readonly GroupKind Autoscaler = new("autoscaling", "HorizontalPodAutoscaler");

    private static readonly GroupKind[] Kinds = [Deployment, Service, ServiceAccount, Budget, Autoscaler];

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, ObjectKey> _gatewayOf = [];
    private readonly List<Reflector<JsonObject>> _reflectors;

    public OwnedObjects(KubeClient client, ReflectorOptions options, TimeProvider time, ILogger logger) => _reflectors =
    [
        .. Kinds.Select(kind => new Reflector<JsonObject>(
            new ListWatch<JsonObject>(client.Resource(kind)) { LabelSelector = $"{GatewayPlan.ManagedByLabel}={GatewayPlan.ManagedBy},{GatewayPlan.GatewayLabel}" },
            new KindStore(new WatchedKind(kind, Narrowing.WithoutStatus), this, logger), options, time, logger)),
    ];

    /// <summary>Something of a Gateway's came, changed or went.</summary>
    public event Action<ObjectKey>? Changed;

    public Task RunAsync(CancellationToken leading) => Task.WhenAll(_reflectors.Select(r => r.RunAsync(leading)));

    public Task WaitForSyncAsync(CancellationToken leading) => Task.WhenAll(_reflectors.Select(r => r.WaitForSyncAsync(leading)));

    public void Put(ObjectKey key, JsonObject manifest)
    {
        string name = manifest["metadata"]?["labels"] is JsonObject labels && labels[GatewayPlan.GatewayLabel] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
        var gateway = new ObjectKey(KnownKinds.Gateway, key.Namespace, name);
        lock (_lock)
        {
            _gatewayOf[key] = gateway;
        }

        Changed?.Invoke(gateway);
    }

    public void Remove(ObjectKey key)
    {
        ObjectKey gateway;
        lock (_lock)
        {
            if (!_gatewayOf.Remove(key, out gateway))
            {
                return;
            }
        }

        Changed?.Invoke(gateway);
    }

    /// <summary>All that stands for a Gateway.</summary>
    public IReadOnlyList<ObjectKey> Of(ObjectKey gateway)
    {
        lock (_lock)
        {
            return [.. _gatewayOf.Where(o => o.Value == gateway).Select(static o => o.Key)];
        }
    }

    public static GroupKind KindOf(ObjectKey key) => Kinds.Single(k => k.Kind == key.Kind[(key.Kind.LastIndexOf('/') + 1)..]);
}
