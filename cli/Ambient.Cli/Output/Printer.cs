using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Cli.Output;

/// <summary>Writes one answer in the asked format: the tables from the command, JSON and YAML from the same node.</summary>
internal static class Printer
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for a terminal, not for a page
    };

    public static void Print(TextWriter output, OutputFormat format, Func<JsonNode> node, Action<TextWriter> table, Action<TextWriter>? wide = null)
    {
        switch (format)
        {
            case OutputFormat.Json:
                output.WriteLine(node().ToJsonString(Indented));
                break;
            case OutputFormat.Yaml:
                YamlText.Write(output, node());
                break;
            case OutputFormat.Table:
                table(output);
                break;
            case OutputFormat.Wide:
                (wide ?? table)(output);
                break;
            default:
                throw new InvalidOperationException($"unknown output format {format}");
        }
    }
}
