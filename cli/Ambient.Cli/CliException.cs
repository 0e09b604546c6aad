namespace Ambient.Cli;

/// <summary>Ends a command with a message that helps: what failed, where, why, and what to do next.</summary>
internal sealed class CliException : Exception
{
    public CliException(int exitCode, string what, string where, string why, string next, Exception? inner = null)
        : base(what, inner)
    {
        ExitCode = exitCode;
        Where = where;
        Why = why;
        Next = next;
    }

    public int ExitCode { get; }

    public string Where { get; }

    public string Why { get; }

    public string Next { get; }

    public static CliException Usage(string what, string where, string why, string next) =>
        new(ExitCodes.Usage, what, where, why, next);

    public static CliException Unreachable(string what, string where, string why, string next, Exception? inner = null) =>
        new(ExitCodes.Unreachable, what, where, why, next, inner);

    public void WriteTo(TextWriter error)
    {
        error.WriteLine($"error: {Message}");
        Line(error, "where", Where);
        Line(error, "why", Why);
        Line(error, "next", Next);
    }

    private static void Line(TextWriter error, string label, string text)
    {
        if (text.Length > 0)
        {
            error.WriteLine($"  {label + ":",-6} {text}");
        }
    }
}
