using System.Text.Json.Nodes;

namespace Ambient.Cli.Tests;

/// <summary>
/// Each folder of <c>cases</c> is one: <c>args</c> with <c>-f input.yaml -o json</c> prints <c>expected.json</c>; the exit code follows from the
/// outcome. AMBIENT_GOLDEN=write rewrites.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    private static string Folder => SourceTree.Of("tests/Ambient.Cli.Tests/cases");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Command_OnInput_PrintsWhatIsExpected(string name)
    {
        string folder = Path.Combine(Folder, name);
        string[] args = (await File.ReadAllTextAsync(Path.Combine(folder, "args"))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        CommandRun run = await CommandRun.OfAsync([.. args, "-f", Path.Combine(folder, "input.yaml"), "-o", "json"]);

        string expectedFile = Path.Combine(folder, "expected.json");
        if (Environment.GetEnvironmentVariable("AMBIENT_GOLDEN") == "write")
        {
            await File.WriteAllTextAsync(expectedFile, run.Output);
        }

        Assert.Equal("", run.Error);
        Assert.Equal(await File.ReadAllTextAsync(expectedFile), run.Output);
        if (JsonNode.Parse(run.Output)!["outcome"]?.GetValue<string>() is { } outcome)
        {
            Assert.Equal(outcome is "deny" or "refuse" ? 1 : 0, run.ExitCode);
            Assert.StartsWith($"explain-{outcome}", name, StringComparison.Ordinal);
        }
    }
}
