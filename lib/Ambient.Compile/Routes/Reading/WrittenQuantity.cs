using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Compile.Routes.Reading;

/// <summary>A weight of a TrafficSplit: a whole number, or the Kubernetes quantity that v1alpha1 had (<c>500m</c>, <c>1</c>, <c>1.5k</c>).</summary>
internal static class WrittenQuantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
        [("m", 0.001m), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("Ki", 1_024), ("Mi", 1_048_576), ("Gi", 1_073_741_824)];

    /// <summary>In thousandths, so that shares of less than one keep their proportion; null when it is no quantity or out of range.</summary>
    public static long? Thousandths(JsonNode? node)
    {
        string text = node switch
        {
            null => "0",
            JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>().Trim(),
            JsonValue v when v.GetValueKind() == JsonValueKind.Number => v.ToJsonString(),
            _ => "",
        };
        decimal factor = 1;
        foreach (var (suffix, by) in Suffixes.OrderByDescending(static s => s.Suffix.Length))
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                (text, factor) = (text[..^suffix.Length], by);
                break;
            }
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number * factor is >= 0 and <= 1_000_000 and var value
            ? (long)Math.Round(value * 1000)
            : null;
    }
}
