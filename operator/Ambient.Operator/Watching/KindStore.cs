using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Watching;

namespace Ambient.Operator.Watching;

/// <summary>
/// Passes a kind's objects on and remembers only their keys and versions: enough to tell after a relist what went, while the objects
/// themselves live narrowed in the compiler's index.
/// </summary>
internal sealed class KindStore(WatchedKind kind, IObjectSink sink) : IReflectorStore<JsonObject>
{
    private readonly Dictionary<ObjectKey, string> _versions = [];

    public int Count => _versions.Count;

    /// <summary>Changes passed on.</summary>
    public long Changes { get; private set; }

    public void Replace(IReadOnlyList<JsonObject> items)
    {
        var gone = _versions.Keys.ToHashSet();
        foreach (JsonObject item in items)
        {
            gone.Remove(KeyOf(item));
            Put(item);
        }

        foreach (ObjectKey key in gone)
        {
            Forget(key);
        }
    }

    public void Put(JsonObject item)
    {
        ObjectKey key = KeyOf(item);
        string version = $"{ObjectCodec.Dynamic.UidOf(item)}/{ObjectCodec.Dynamic.ResourceVersionOf(item)}";
        if (_versions.TryGetValue(key, out string? standing) && standing == version)
        {
            return;
        }

        _versions[key] = version;
        Changes++;
        JsonObject narrowed = Narrowing.Common(item);
        sink.Put(key, kind.Narrow?.Invoke(narrowed) ?? narrowed);
    }

    public void Remove(JsonObject item) => Forget(KeyOf(item));

    private void Forget(ObjectKey key)
    {
        if (_versions.Remove(key))
        {
            Changes++;
            sink.Remove(key);
        }
    }

    private ObjectKey KeyOf(JsonObject item) => ObjectKey.Of(
        kind.Kind.Group.Length == 0 ? "v1" : kind.Kind.Group + "/v1", kind.Kind.Kind,
        ObjectCodec.Dynamic.NamespaceOf(item), ObjectCodec.Dynamic.NameOf(item));
}
