using System.CommandLine;

namespace Ambient.Cli.Output;

/// <summary><c>-o table|wide|json|yaml</c>, the same for every command that shows something.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat> Create()
    {
        Option<OutputFormat> option = new("--output", "-o")
        {
            Description = "table (80 columns), wide (every column), json or yaml",
            HelpName = "format",
            CustomParser = static result => result.Tokens switch
            {
                [{ Value: "table" }] => OutputFormat.Table,
                [{ Value: "wide" }] => OutputFormat.Wide,
                [{ Value: "json" }] => OutputFormat.Json,
                [{ Value: "yaml" }] => OutputFormat.Yaml,
                _ => Refuse(result),
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add("table", "wide", "json", "yaml");
        return option;
    }

    private static OutputFormat Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"'{string.Join(' ', result.Tokens.Select(t => t.Value))}' is no output format; choose table, wide, json or yaml");
        return default;
    }
}
