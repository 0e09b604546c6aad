using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>One question a line in, one answer a line out, in the same order; a line that cannot be answered has an <c>error</c> instead.</summary>
internal static class Batch
{
    private const int MaxLine = 1 << 20;

    private const char ByteOrderMark = '\ufeff';

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(TextReader questions, TextWriter output, ExplainedMesh mesh, CancellationToken cancellation)
    {
        RequestExplainer requests = new(mesh);
        Explainer connections = new(mesh);
        bool failed = false;
        while (await questions.ReadLineAsync(cancellation) is { } read)
        {
            string line = read.TrimStart(ByteOrderMark);
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            JsonObject answer;
            try
            {
                Question question = QuestionJson.Read(line.Length <= MaxLine ? line : throw CliException.Usage("this is no question", "--batch", $"a line has more than {MaxLine} characters", "shorten it"));
                answer = question.HasRequestAnswer ? requests.Explain(question).Json : ExplanationJson.Of(connections.Explain(question.From, question.To, question.Sni));
            }
            catch (CliException e)
            {
                failed = true;
                answer = new JsonObject { ["error"] = $"{e.Message}: {e.Why}" };
            }

            await output.WriteLineAsync(answer.ToJsonString(OneLine).AsMemory(), cancellation);
        }

        return failed ? ExitCodes.Usage : ExitCodes.Ok;
    }
}
