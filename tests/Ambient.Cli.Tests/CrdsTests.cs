namespace Ambient.Cli.Tests;

public sealed class CrdsTests
{
    [Fact]
    public async Task Crds_WrittenAnew_AreThoseOfTheChart()
    {
        string folder = Directory.CreateTempSubdirectory("ambient-crds").FullName;
        try
        {
            CommandRun run = await CommandRun.OfAsync("crds", "--output", folder);

            Assert.Equal(0, run.ExitCode);
            Assert.Equal(Read(SourceTree.Of("charts/ambient/crds")), Read(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SortedDictionary<string, string> Read(string folder) => new(
        Directory.EnumerateFiles(folder, "*.yaml").ToDictionary(f => Path.GetFileName(f), File.ReadAllText), StringComparer.Ordinal);
}
