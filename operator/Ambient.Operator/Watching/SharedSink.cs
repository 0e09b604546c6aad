using System.Text.Json.Nodes;
using Ambient.Compile.Sources;

namespace Ambient.Operator.Watching;

/// <summary>Hands what the watches see to several, in order. Whoever keeps a manifest copies it: the last may keep the object itself.</summary>
internal sealed class SharedSink(params IReadOnlyList<IObjectSink> sinks) : IObjectSink
{
    public void Put(ObjectKey key, JsonObject manifest)
    {
        foreach (IObjectSink sink in sinks)
        {
            sink.Put(key, manifest);
        }
    }

    public void Remove(ObjectKey key)
    {
        foreach (IObjectSink sink in sinks)
        {
            sink.Remove(key);
        }
    }
}
