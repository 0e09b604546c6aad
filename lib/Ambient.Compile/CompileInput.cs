using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Ambient.Compile;

/// <summary>Everything that a full compilation sees: Kubernetes objects as JSON, of any kind; kinds without meaning here are ignored.</summary>
public sealed record CompileInput(ImmutableArray<JsonObject> Objects)
{
    public static CompileInput Of(IEnumerable<JsonObject> objects) => new([.. objects]);
}
