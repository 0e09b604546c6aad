using System.Globalization;

namespace Ambient.Proxy.Admin;

/// <summary>Accept and Accept-Encoding (RFC 9110 §12.5), as far as a choice between two needs it.</summary>
internal static class HeaderList
{
    /// <summary>The client names it, and not with weight 0.</summary>
    internal static bool Takes(string? header, string wanted)
    {
        foreach (string entry in (header ?? "").Split(','))
        {
            string[] parts = entry.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return !parts.Skip(1).Any(p => p.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                    && double.TryParse(p[2..], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) && weight <= 0);
            }
        }

        return false;
    }
}
