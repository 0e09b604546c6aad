using System.Text.Json.Nodes;

namespace Ambient.Cli.Tests;

/// <summary>
/// The questions of <c>questions/questions.txt</c>: who may reach what over one realistic set of resources, and who says so, as the reference
/// semantics have it.
/// </summary>
public sealed class QuestionTests
{
    private static string Folder => SourceTree.Of("tests/Ambient.Cli.Tests/questions");

    public static TheoryData<string> Questions =>
        [.. File.ReadAllLines(Path.Combine(Folder, "questions.txt")).Where(l => l.Length > 0 && !l.StartsWith('#'))];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Explain_Question_AnswersAsTheReferenceDoes(string row)
    {
        string[] cells = row.Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(7, cells.Length);

        CommandRun run = await CommandRun.OfAsync(
            "explain", "-f", Path.Combine(Folder, cells[0] + ".yaml"), "--from", cells[1], "--to", cells[2], "-o", "json");

        Assert.Equal("", run.Error);
        JsonNode answer = JsonNode.Parse(run.Output)!;
        JsonObject[] deciding = [.. answer["policies"]!.AsArray().Select(p => p!.AsObject()).Where(p => (bool)p["decided"]!)];
        string actual = string.Join(" | ",
            cells[0],
            cells[1],
            cells[2],
            (string)answer["outcome"]!,
            (bool)answer["mtls"]!["enabled"]! ? "tls" : "plain",
            deciding.Length == 0 ? "-" : string.Join(" and ", deciding.Select(p => $"{p["kind"]} {p["namespace"]}/{p["name"]}")),
            deciding is [{ } one] && one["rule"] is { } rule ? rule.ToString() : "-");
        Assert.Equal(row, actual);
        Assert.Equal(cells[3] is "deny" or "refuse" ? 1 : 0, run.ExitCode);
    }
}
