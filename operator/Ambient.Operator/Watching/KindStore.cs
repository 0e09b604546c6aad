using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Watching;

/// <summary>
/// Passes a kind's objects on and remembers only a fingerprint of each: enough to tell after a relist what went, and to keep back
/// changes of what nobody here reads, our own status writes among them. The objects themselves live narrowed in the compiler's index.
/// </summary>
internal sealed partial class KindStore(WatchedKind kind, IObjectSink sink, ILogger logger) : IReflectorStore<JsonObject>
{
    private readonly Dictionary<ObjectKey, UInt128> _prints = [];

    public int Count => _prints.Count;

    /// <summary>Changes passed on.</summary>
    public long Changes { get; private set; }

    public void Replace(IReadOnlyList<JsonObject> items)
    {
        var gone = _prints.Keys.ToHashSet();
        foreach (JsonObject item in items)
        {
            if (TryKeyOf(item) is { } key)
            {
                gone.Remove(key);
                Put(item);
            }
        }

        foreach (ObjectKey key in gone)
        {
            Forget(key);
        }
    }

    public void Put(JsonObject item)
    {
        if (TryKeyOf(item) is not { } key)
        {
            return;
        }

        try
        {
            Take(key, item);
        }
#pragma warning disable CA1031 // one object that nobody can read must not end the watch of its kind; what was known of it stays
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnreadable(logger, e, kind.Kind.ToString(), key.ToString());
        }
    }

    public void Remove(JsonObject item)
    {
        if (TryKeyOf(item) is { } key)
        {
            Forget(key);
        }
    }

    private void Take(ObjectKey key, JsonObject item)
    {
        JsonObject narrowed = Narrowing.Common(item);
        narrowed = kind.Narrow?.Invoke(narrowed) ?? narrowed;
        UInt128 print = PrintOf(narrowed);
        if (_prints.TryGetValue(key, out UInt128 standing) && standing == print)
        {
            return;
        }

        _prints[key] = print;
        Changes++;
        sink.Put(key, narrowed);
    }

    private void Forget(ObjectKey key)
    {
        if (_prints.Remove(key))
        {
            Changes++;
            sink.Remove(key);
        }
    }

    private static UInt128 PrintOf(JsonObject narrowed) =>
        BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(ObjectCodec.Dynamic.Write(narrowed)));

    /// <summary>Null for a name that is no text: nobody could tell of it, nor was anything known of it.</summary>
    private ObjectKey? TryKeyOf(JsonObject item)
    {
        try
        {
            return KeyOf(item);
        }
        catch (Exception e) when (e is InvalidOperationException or System.Text.Json.JsonException or ArgumentException)
        {
            LogUnreadable(logger, e, kind.Kind.ToString(), "?");
            return null;
        }
    }

    private ObjectKey KeyOf(JsonObject item) => ObjectKey.Of(
        kind.Kind.Group.Length == 0 ? "v1" : kind.Kind.Group + "/v1", kind.Kind.Kind,
        ObjectCodec.Dynamic.NamespaceOf(item), ObjectCodec.Dynamic.NameOf(item));

    [LoggerMessage(170, LogLevel.Error, "{Kind} {Key} cannot be read; what was known of it stays in force")]
    private static partial void LogUnreadable(ILogger logger, Exception cause, string kind, string key);
}
