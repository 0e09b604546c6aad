using System.Text.Json.Nodes;
using Ambient.Compile.Provisioning;
using Ambient.Compile.Sources;
using Ambient.Operator.Watching;

namespace Ambient.Operator.Gateways;

/// <summary>
/// Gateways, their classes and ListenerSets as they are written, kept by every replica, so that whoever becomes the leader can make what is missing.
/// </summary>
internal sealed class GatewayRoster : IObjectSink
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, JsonObject> _gateways = [];
    private readonly Dictionary<string, string> _controllers = new(StringComparer.Ordinal);
    private readonly ListenerSetRoster _sets = new();

    /// <summary>A Gateway is new, differs or is gone, or its class or what is added to it does.</summary>
    public event Action<ObjectKey>? Changed;

    /// <summary>A GatewayClass is gone.</summary>
    public event Action? ClassGone;

    public void Put(ObjectKey key, JsonObject manifest)
    {
        switch (key.Kind)
        {
            case KnownKinds.Gateway:
                var copy = (JsonObject)manifest.DeepClone();
                lock (_lock)
                {
                    _gateways[key] = copy;
                }

                Changed?.Invoke(key);
                break;
            case KnownKinds.GatewayClass:
                string controller = manifest["spec"] is JsonObject spec && spec["controllerName"] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
                lock (_lock)
                {
                    _controllers[key.Name] = controller;
                }

                ClassChanged(key.Name);
                break;
            default:
                SetsChanged(key, manifest);
                break;
        }
    }

    public void Remove(ObjectKey key)
    {
        switch (key.Kind)
        {
            case KnownKinds.Gateway:
                lock (_lock)
                {
                    _gateways.Remove(key);
                }

                Changed?.Invoke(key);
                break;
            case KnownKinds.GatewayClass:
                lock (_lock)
                {
                    _controllers.Remove(key.Name);
                }

                ClassGone?.Invoke();
                ClassChanged(key.Name);
                break;
            default:
                SetsChanged(key, null);
                break;
        }
    }

    /// <summary>The Gateway, the controller that its class declares (null: there is no such GatewayClass), and the ListenerSets that name it.</summary>
    public (JsonObject Manifest, string Class, string? Controller, IReadOnlyList<ListenerSetManifest> Sets)? Find(ObjectKey key)
    {
        lock (_lock)
        {
            if (!_gateways.TryGetValue(key, out JsonObject? manifest))
            {
                return null;
            }

            string @class = ClassOf(manifest);
            return ((JsonObject)manifest.DeepClone(), @class, _controllers.GetValueOrDefault(@class), _sets.Of(key));
        }
    }

    public IReadOnlyList<ObjectKey> Keys()
    {
        lock (_lock)
        {
            return [.. _gateways.Keys];
        }
    }

    public bool HasClass(string name)
    {
        lock (_lock)
        {
            return _controllers.ContainsKey(name);
        }
    }

    private void SetsChanged(ObjectKey key, JsonObject? manifest)
    {
        IReadOnlyCollection<ObjectKey> gateways;
        lock (_lock)
        {
            gateways = _sets.Take(key, manifest);
        }

        foreach (ObjectKey gateway in gateways)
        {
            Changed?.Invoke(gateway);
        }
    }

    private void ClassChanged(string name)
    {
        List<ObjectKey> users;
        lock (_lock)
        {
            users = [.. _gateways.Where(g => ClassOf(g.Value) == name).Select(static g => g.Key)];
        }

        foreach (ObjectKey user in users)
        {
            Changed?.Invoke(user);
        }
    }

    private static string ClassOf(JsonObject gateway) =>
        gateway["spec"] is JsonObject spec && spec["gatewayClassName"] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
