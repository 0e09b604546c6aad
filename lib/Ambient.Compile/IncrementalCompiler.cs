using System.Text.Json.Nodes;
using Ambient.Compile.Sources;

namespace Ambient.Compile;

/// <summary>
/// Keeps an index of what was put and recompiles what a change can touch, no more. One thread at a time; the owner flushes
/// when it wants a delta (it debounces, this does not).
/// </summary>
public sealed class IncrementalCompiler
{
    public IncrementalCompiler(CompileOptions options) => throw new NotImplementedException();

    /// <summary>Adds or replaces an object. A refused one leaves its last good version in force and says so.</summary>
    public void Put(JsonObject manifest) => throw new NotImplementedException();

    public void Remove(ObjectKey key) => throw new NotImplementedException();

    /// <summary>Compiles what is dirty and returns the difference to the state after the last flush.</summary>
    public CompileDelta Flush() => throw new NotImplementedException();

    /// <summary>The whole state after the last flush.</summary>
    public CompileResult Result() => throw new NotImplementedException();
}
