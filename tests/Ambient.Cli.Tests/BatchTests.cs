using System.Text.Json.Nodes;

namespace Ambient.Cli.Tests;

/// <summary><c>explain --batch</c>: a line that is no question does not keep the others from being answered.</summary>
public sealed class BatchTests
{
    private const string Good = """{"from":"web/front","to":"http://orders.shop/"}""";

    [Theory]
    [InlineData("not json", "it is not JSON, from character 2 on")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("""{"from":"web/front"}""", "to is missing")]
    [InlineData("""{"from":"web/front","from":"a/b","to":"http://orders.shop/"}""", "a name stands twice in it")]
    [InlineData("""{"from":"web/front","to":"http://orders.shop/","hedaer":{}}""", "'hedaer' is no field of a question")]
    [InlineData("""{"from":"web/front","to":"http://orders.shop/","header":{"a b":"c"}}""", "is no name of a header")]
    [InlineData("""{"from":"web/front","to":"http://orders.shop/","header":{"a":"b\r\nc: d"}}""", "a line break")]
    [InlineData("""{"from":"web/front","to":"http://orders.shop/","method":"A B"}""", "a method is one word")]
    [InlineData("""{"from":"web/nobody","to":"http://orders.shop/"}""", "there is no pod web/nobody")]
    [InlineData("""{"from":"outside","via":"a/b","to":"http://orders.shop/"}""", "there is no Gateway a/b")]
    public async Task Line_ThatIsNoQuestion_HasAnErrorAndTheOthersAnswers(string line, string error)
    {
        (CommandRun run, JsonNode[] answers) = await AskAsync(Good, line, Good);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(3, answers.Length);
        Assert.Contains(error, (string?)answers[1]["error"], StringComparison.Ordinal);
        Assert.All([answers[0], answers[2]], static a => Assert.Equal("forward", (string?)a["outcome"]));
    }

    [Fact]
    public async Task Lines_WithByteOrderMarkAndNothingInThem_AreNoQuestions()
    {
        (CommandRun run, JsonNode[] answers) = await AskAsync("\ufeff" + Good, "", "   ", Good);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(2, answers.Length);
    }

    private static async Task<(CommandRun Run, JsonNode[] Answers)> AskAsync(params string[] lines)
    {
        string batch = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(batch, lines, TestContext.Current.CancellationToken);
            CommandRun run = await CommandRun.OfAsync("explain", "-f", SourceTree.Of("tests/Ambient.Cli.Tests/questions/mesh.yaml"), "--batch", batch);
            return (run, [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonNode.Parse(l)!)]);
        }
        finally
        {
            File.Delete(batch);
        }
    }
}
