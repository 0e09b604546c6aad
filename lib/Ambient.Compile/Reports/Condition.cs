namespace Ambient.Compile.Reports;

/// <summary>
/// One condition without its times, which belong to whoever writes it (metav1.Condition).
/// <paramref name="Status"/>: <c>True</c>, <c>False</c> or <c>Unknown</c>. <paramref name="Reason"/>: one CamelCase word.
/// </summary>
public sealed record Condition(string Type, string Status, string Reason, string Message)
{
    public const string Accepted = "Accepted";

    public const string Programmed = "Programmed";

    public const string ResolvedRefs = "ResolvedRefs";

    public const string Conflicted = "Conflicted";

    public const string ZtunnelAccepted = "ZtunnelAccepted";

    public const string WaypointAccepted = "WaypointAccepted";

    public static Condition True(string type, string reason, string message) => new(type, "True", reason, message);

    public static Condition Unknown(string type, string reason, string message) => new(type, "Unknown", reason, message);

    public static Condition False(string type, string reason, string message) => new(type, "False", reason, message);
}
