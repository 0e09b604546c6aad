using System.Globalization;

namespace Ambient.Routing.Timing;

/// <summary>The header <c>grpc-timeout</c>: up to eight digits and a unit (gRPC over HTTP/2, "Timeout").</summary>
public static class GrpcTimeout
{
    public const string Header = "grpc-timeout";

    private const int MaxDigits = 8;
    private const long MaxNumber = 99_999_999;

    public static bool TryParse(string? text, out TimeSpan timeout)
    {
        timeout = default;
        if (text is null || text.Length is < 2 or > MaxDigits + 1 || text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        long number = long.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture);
        long? ticks = text[^1] switch
        {
            'H' => number * TimeSpan.TicksPerHour,
            'M' => number * TimeSpan.TicksPerMinute,
            'S' => number * TimeSpan.TicksPerSecond,
            'm' => number * TimeSpan.TicksPerMillisecond,
            'u' => number * TimeSpan.TicksPerMicrosecond,
            'n' => number / TimeSpan.NanosecondsPerTick,
            _ => null,
        };
        timeout = new TimeSpan(ticks ?? 0);
        return ticks is not null;
    }

    /// <summary>In the finest unit that eight digits can hold, rounded down.</summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = Math.Max(0, timeout.Ticks);
        (long Ticks, char Unit)[] units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'),
        ];
        foreach ((long size, char unit) in units)
        {
            if (ticks / size <= MaxNumber)
            {
                return (ticks / size).ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return (ticks / TimeSpan.TicksPerHour).ToString(CultureInfo.InvariantCulture) + 'H';
    }
}
