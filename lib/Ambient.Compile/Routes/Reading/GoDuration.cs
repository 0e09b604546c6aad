using System.Globalization;
using System.Text;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Durations as Go reads and writes them: <c>2s</c>, <c>1m30s</c>, <c>100ms</c>, <c>1.5h</c>.</summary>
public static class GoDuration
{
    private static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("ns", 0.01m),
        ("us", 10),
        ("µs", 10),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Not negative, at most 10,000 hours: what no configuration means is no duration here.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        decimal ticks = 0;
        int at = 0;
        while (at < text.Length && text.Length <= 64)
        {
            int end = at;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            {
                end++;
            }

            int unitEnd = end;
            while (unitEnd < text.Length && !char.IsAsciiDigit(text[unitEnd]) && text[unitEnd] != '.')
            {
                unitEnd++;
            }

            if (!decimal.TryParse(text.AsSpan(at, end - at), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
                || number > 1_000_000_000_000 || Factor(text.AsSpan(end, unitEnd - end)) is not { } factor)
            {
                return false;
            }

            ticks += number * factor;
            at = unitEnd;
        }

        if (at == 0 || at < text.Length || ticks > 10_000 * (decimal)TimeSpan.TicksPerHour)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>The shortest text that Go's own <c>Duration.String</c> would give: <c>0s</c>, <c>1m0s</c>, <c>1h0m0.5s</c>, <c>25ms</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        long ticks = duration.Ticks;
        if (ticks == 0)
        {
            return "0s";
        }

        var text = new StringBuilder(ticks < 0 ? "-" : "");
        ticks = Math.Abs(ticks);
        if (ticks < TimeSpan.TicksPerSecond)
        {
            return ticks >= TimeSpan.TicksPerMillisecond
                ? text.Append(Decimal(ticks, TimeSpan.TicksPerMillisecond)).Append("ms").ToString()
                : text.Append(Decimal(ticks, TimeSpan.TicksPerMicrosecond)).Append("µs").ToString();
        }

        long hours = ticks / TimeSpan.TicksPerHour;
        long minutes = ticks / TimeSpan.TicksPerMinute % 60;
        if (hours > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        }

        if (hours > 0 || minutes > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{minutes}m");
        }

        return text.Append(Decimal(ticks % TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond)).Append('s').ToString();
    }

    private static string Decimal(long ticks, long unit) => ((decimal)ticks / unit).ToString("0.#######", CultureInfo.InvariantCulture);

    private static decimal? Factor(ReadOnlySpan<char> unit)
    {
        foreach (var (name, ticks) in Units)
        {
            if (unit.SequenceEqual(name))
            {
                return ticks;
            }
        }

        return null;
    }
}
