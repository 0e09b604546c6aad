namespace Ambient.Cli.Checking;

internal enum CheckStatus
{
    Ok,
    Warning,
    Failed,

    /// <summary>Could not be asked; the message says why.</summary>
    Skipped,
}
