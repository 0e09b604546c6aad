namespace Ambient.Compile.Reports;

public enum FindingLevel
{
    Info,
    Warning,
    Error,
}
