using System.Text.Json.Nodes;

namespace Ambient.Cli.Tests;

public sealed class AnalyzeTests
{
    private static readonly string Shop = SourceTree.Of("tests/Ambient.Cli.Tests/requests/shop.yaml");
    private static readonly string Actions = SourceTree.Of("tests/Ambient.Cli.Tests/requests/vs-actions/input.yaml");

    [Theory]
    [InlineData("error", 0)]
    [InlineData("warning", 1)]
    [InlineData("info", 1)]
    [InlineData("never", 0)]
    public async Task Analyze_WarningsOnly_FailsFromTheLevelThatIsAskedFor(string level, int exitCode)
    {
        CommandRun run = await CommandRun.OfAsync("analyze", "-f", Shop, "-f", Actions, "--fail-on", level, "-o", "json");

        Assert.Equal("", run.Error);
        Assert.Equal(exitCode, run.ExitCode);
        JsonNode answer = JsonNode.Parse(run.Output)!;
        Assert.Equal(0, (int)answer["summary"]!["error"]!);
        JsonNode missing = answer["findings"]!.AsArray().First(f => (string)f!["code"]! == "AMB0505")!;
        Assert.Equal("warning", (string)missing["level"]!);
        Assert.Equal("VirtualService", (string)missing["object"]!["kind"]!);
        Assert.StartsWith("spec.http[", (string)missing["field"]!, StringComparison.Ordinal);
        Assert.NotEmpty((string)missing["message"]!);
        Assert.NotEmpty((string)missing["fix"]!);
    }

    [Fact]
    public async Task Analyze_Text_FitsEightyColumns()
    {
        CommandRun run = await CommandRun.OfAsync("analyze", "-f", Shop, "-f", Actions);

        Assert.Contains("fix: ", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 80 || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
    }

    [Fact]
    public async Task Explain_Text_FitsEightyColumnsAndEndsWithTheVerdict()
    {
        CommandRun run = await CommandRun.OfAsync("explain", "-f", Shop, "-f", Actions, "--from", "b/caller", "--to", "http://web.a/retry-codes");

        Assert.Equal("", run.Error);
        Assert.Contains("✓ VirtualService a/web rule 15 ◄ decided", run.Output, StringComparison.Ordinal);
        Assert.Contains("timeout   1m30s, 250ms for each try", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("FORWARD: VirtualService a/web rule 15 takes it\n", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task Analyze_FilesAndLive_IsNoQuestion()
    {
        CommandRun run = await CommandRun.OfAsync("analyze", "-f", Shop, "--live");

        Assert.Equal(2, run.ExitCode);
    }
}
