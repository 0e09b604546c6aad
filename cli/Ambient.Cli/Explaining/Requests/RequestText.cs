using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Cli.Output;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>The answer for people: the outcome and why, then what is not empty.</summary>
internal static class RequestText
{
    public static void Write(TextWriter output, RequestAnswer answer)
    {
        output.WriteLine($"{answer.Outcome}{(answer.Json["status"] is { } status ? $" {status}" : "")}: {answer.Json["reason"]}");
        JsonObject rest = [];
        foreach (var (name, value) in answer.Json)
        {
            if (name is not ("outcome" or "status" or "reason") && value is not (null or JsonArray { Count: 0 }) && value.GetValueKind() != JsonValueKind.Null)
            {
                rest[name] = value.DeepClone();
            }
        }

        if (rest.Count > 0)
        {
            output.WriteLine();
            YamlText.Write(output, rest);
        }
    }
}
