using Ambient.Compile.Offline;
using Ambient.Resources.Manifests;

namespace Ambient.Compile.Tests;

/// <summary>Each folder of cases is one: <c>input.yaml</c> compiles to <c>expected.json</c>. AMBIENT_GOLDEN=write rewrites.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    private static string Folder => SourceTree.Of("tests/Ambient.Compile.Tests/cases");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Input_Compiled_IsAsExpected(string name)
    {
        string folder = Path.Combine(Folder, name);
        var manifests = ManifestReader.Read([Path.Combine(folder, "input.yaml")]);
        Assert.Empty(manifests.Errors);
        var input = CompileInput.Of(OfflineCluster.Complete(manifests.Objects.Select(o => o.Content)));
        string actual = GoldenJson.Of(MeshCompiler.Compile(input));
        string expectedFile = Path.Combine(folder, "expected.json");
        if (Environment.GetEnvironmentVariable("AMBIENT_GOLDEN") == "write")
        {
            File.WriteAllText(expectedFile, actual);
        }

        Assert.Equal(File.ReadAllText(expectedFile), actual);
    }
}
