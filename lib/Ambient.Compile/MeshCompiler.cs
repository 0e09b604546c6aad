namespace Ambient.Compile;

/// <summary>
/// Compiles a whole set of resources at once. It is the incremental compiler on an empty index, so that both cannot disagree
/// in their rules; the order of the objects does not matter.
/// </summary>
public static class MeshCompiler
{
    public static CompileResult Compile(CompileInput input, CompileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        var compiler = new IncrementalCompiler(options ?? CompileOptions.Default);
        foreach (var manifest in input.Objects)
        {
            compiler.Put(manifest);
        }

        compiler.Flush();
        return compiler.Result();
    }
}
