namespace Ambient.Cli.Checking;

/// <summary>What one check found.</summary>
/// <param name="Area"><c>machine</c> or <c>cluster</c>.</param>
/// <param name="Name">What was checked.</param>
/// <param name="Message">What was found.</param>
/// <param name="Next">What to do about it; empty when there is nothing to do.</param>
internal sealed record CheckResult(string Area, string Name, CheckStatus Status, string Message, string Next)
{
    public static CheckResult Ok(string area, string name, string message) => new(area, name, CheckStatus.Ok, message, "");

    public static CheckResult Warning(string area, string name, string message, string next) => new(area, name, CheckStatus.Warning, message, next);

    public static CheckResult Failed(string area, string name, string message, string next) => new(area, name, CheckStatus.Failed, message, next);

    public static CheckResult Skipped(string area, string name, string message, string next) => new(area, name, CheckStatus.Skipped, message, next);
}
