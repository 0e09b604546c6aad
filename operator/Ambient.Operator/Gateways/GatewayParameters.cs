using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ambient.Compile.Provisioning;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Operator.Gateways;

/// <summary>
/// ConfigMaps that Gateways take parameters from: the class's defaults in the system namespace, then the one that the Gateway names. Nobody
/// can watch a few ConfigMaps by name, so those in use are asked for again every so often.
/// </summary>
internal sealed class GatewayParameters(OperatorConfig config, KubeClient client, TimeProvider time)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);
    private static readonly string[] DefaultsLabels = ["gateway.istio.io/defaults-for-class", "ambient.dev/defaults-for-class"];

    private readonly ResourceClient<JsonObject> _configMaps = client.Resource(new GroupKind("", "ConfigMap"));
    private readonly ConcurrentDictionary<ObjectKey, string> _used = new();

    /// <summary>In the order in which they go over each other.</summary>
    /// <exception cref="ProvisioningException">The Gateway names one that is not there.</exception>
    public async Task<IReadOnlyList<JsonObject>> OfAsync(ObjectKey gateway, JsonObject manifest, string @class, CancellationToken cancellation)
    {
        var found = new List<JsonObject>();
        foreach (string label in DefaultsLabels)
        {
            KubeList<JsonObject> defaults = await _configMaps.ListAsync(
                config.SystemNamespace, new ListOptions { LabelSelector = $"{label}={@class}" }, cancellation);
            found.AddRange(defaults.Items.OrderBy(static m => ObjectCodec.Dynamic.NameOf(m), StringComparer.Ordinal));
        }

        string? name = GatewayPlanner.ParametersOf(manifest);
        JsonObject? own = name is null ? null : await _configMaps.FindAsync(gateway.Namespace, name, cancellation);
        _used[gateway] = Versions(own is null ? found : [.. found, own]);
        return name is null ? found
            : own is not null ? [.. found, own]
            : throw new ProvisioningException($"spec.infrastructure.parametersRef: there is no ConfigMap {gateway.Namespace}/{name}");
    }

    public void Forget(ObjectKey gateway) => _used.TryRemove(gateway, out _);

    /// <summary>Tells of Gateways whose ConfigMaps differ from those that were used, until cancelled.</summary>
    public async Task FollowAsync(GatewayRoster roster, Action<ObjectKey> changed, Action<Exception> failed, CancellationToken leading)
    {
        while (true)
        {
            await Task.Delay(Again, time, leading);
            foreach (ObjectKey key in roster.Keys())
            {
                try
                {
                    if (_used.TryGetValue(key, out string? used) && roster.Find(key) is { } gateway
                        && used != await VersionsAsync(key, gateway.Manifest, gateway.Class, leading))
                    {
                        changed(key);
                    }
                }
                catch (Exception e) when (e is KubeException or HttpRequestException or IOException or TimeoutException)
                {
                    failed(e);
                }
            }
        }
    }

    private async Task<string> VersionsAsync(ObjectKey key, JsonObject manifest, string @class, CancellationToken cancellation)
    {
        try
        {
            return Versions(await OfAsync(key, manifest, @class, cancellation));
        }
        catch (ProvisioningException)
        {
            return "";
        }
    }

    private static string Versions(IReadOnlyList<JsonObject> maps) => string.Join(' ', maps.Select(static m =>
        $"{ObjectCodec.Dynamic.UidOf(m)}:{ObjectCodec.Dynamic.ResourceVersionOf(m)}"));
}
