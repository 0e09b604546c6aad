using System.Text.Json.Nodes;

namespace Ambient.Cli.Tests;

/// <summary>
/// Each folder of <c>requests</c> holds manifests and questions about requests, one a line: <c>{"ask":{…},"expect":{…}}</c>. The expectations were worked
/// out by hand from the reference semantics; fields that are not named are not looked at, lists must have the same length. What is said about manifests that are refused stands in <c>errors.txt</c>.
/// </summary>
public sealed class RequestQuestionsTests
{
    private static string Folder => SourceTree.Of("tests/Ambient.Cli.Tests/requests");

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Explain_Batch_AnswersAsWorkedOutByHand(string name)
    {
        string folder = Path.Combine(Folder, name);
        JsonObject[] lines = [.. (await File.ReadAllLinesAsync(Path.Combine(folder, "questions.jsonl"), TestContext.Current.CancellationToken))
            .Where(l => l.Length > 0).Select(l => JsonNode.Parse(l)!.AsObject())];
        string batch = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(batch, lines.Select(l => l["ask"]!.ToJsonString()), TestContext.Current.CancellationToken);

            CommandRun run = await CommandRun.OfAsync(
                "explain", "--batch", batch, "-f", Path.Combine(Folder, "shop.yaml"), "-f", Path.Combine(folder, "input.yaml"));

            string[] answers = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            string errors = Path.Combine(folder, "errors.txt");
            Assert.Equal(File.Exists(errors) ? await File.ReadAllTextAsync(errors, TestContext.Current.CancellationToken) : "", run.Error);
            Assert.Equal(lines.Length, answers.Length);
            string[] differences = [.. lines.Zip(answers)
                .Select(p => (p.First, p.Second, Difference: Difference("answer", p.First["expect"], JsonNode.Parse(p.Second))))
                .Where(p => p.Difference is not null)
                .Select(p => $"{p.First["ask"]!.ToJsonString()}\n{p.Difference}\n{JsonNode.Parse(p.Second)!["reason"]}")];
            Assert.True(differences.Length == 0, string.Join("\n\n", differences));
        }
        finally
        {
            File.Delete(batch);
        }
    }

    private static string? Difference(string path, JsonNode? expected, JsonNode? actual) => expected switch
    {
        JsonObject fields => actual is not JsonObject o ? $"{path} is {actual?.ToJsonString() ?? "null"}"
            : fields.Select(f => o.ContainsKey(f.Key) ? Difference($"{path}.{f.Key}", f.Value, o[f.Key]) : $"{path}.{f.Key} is missing").FirstOrDefault(d => d is not null),
        JsonArray items => actual is not JsonArray list || list.Count != items.Count ? $"{path} is {actual?.ToJsonString() ?? "null"}"
            : items.Select((item, i) => Difference($"{path}[{i}]", item, list[i])).FirstOrDefault(d => d is not null),
        _ => JsonNode.DeepEquals(expected, actual) ? null : $"{path} is {actual?.ToJsonString() ?? "null"}, not {expected?.ToJsonString() ?? "null"}",
    };
}
