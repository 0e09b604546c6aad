using System.Globalization;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Durations as kubectl shows them: two units at most, coarser the longer.</summary>
internal static class Ages
{
    public static string Since(string? timestamp, DateTimeOffset now) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? Of(now - at) : "<unknown>";

    public static string Of(TimeSpan span)
    {
        long s = (long)span.TotalSeconds;
        return s switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => $"{s}s",
            < 600 => Two(s / 60, "m", s % 60, "s"),
            < 10800 => $"{s / 60}m",
            < 28800 => Two(s / 3600, "h", s / 60 % 60, "m"),
            < 172800 => $"{s / 3600}h",
            < 691200 => Two(s / 86400, "d", s / 3600 % 24, "h"),
            < 63072000 => $"{s / 86400}d",
            < 252288000 => Two(s / 31536000, "y", s / 86400 % 365, "d"),
            _ => $"{s / 31536000}y",
        };
    }

    private static string Two(long a, string unitA, long b, string unitB) => b == 0 ? $"{a}{unitA}" : $"{a}{unitA}{b}{unitB}";
}
