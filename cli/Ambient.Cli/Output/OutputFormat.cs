namespace Ambient.Cli.Output;

internal enum OutputFormat
{
    Table,

    /// <summary>Tables with every column, a row a line, however long.</summary>
    Wide,
    Json,
    Yaml,
}
