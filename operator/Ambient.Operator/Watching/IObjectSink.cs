using System.Text.Json.Nodes;
using Ambient.Compile.Sources;

namespace Ambient.Operator.Watching;

/// <summary>Where the watched objects of all kinds go. Called from several threads.</summary>
internal interface IObjectSink
{
    void Put(ObjectKey key, JsonObject manifest);

    void Remove(ObjectKey key);
}
