using System.Globalization;

namespace Ambient.Policy.Telemetry.Expressions;

/// <summary><c>1.5s</c>, <c>250ms</c>, <c>2m</c>, <c>1h</c>.</summary>
internal static class DurationText
{
    public static TimeSpan Parse(string text)
    {
        (string unit, double seconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => ("ms", 0.001),
            _ when text.EndsWith('s') => ("s", 1),
            _ when text.EndsWith('m') => ("m", 60),
            _ when text.EndsWith('h') => ("h", 3600),
            _ => ("", 0d),
        };
        return unit.Length > 0 && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            && count * seconds < TimeSpan.MaxValue.TotalSeconds
                ? TimeSpan.FromSeconds(count * seconds)
                : throw new ExpressionException($"'{text}' is no duration; write for example '250ms' or '1.5s'");
    }
}
