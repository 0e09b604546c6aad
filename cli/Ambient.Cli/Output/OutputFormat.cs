namespace Ambient.Cli.Output;

internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}
