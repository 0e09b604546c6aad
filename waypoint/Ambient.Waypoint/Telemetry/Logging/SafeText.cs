using System.Globalization;
using System.Text;

namespace Ambient.Waypoint.Telemetry.Logging;

/// <summary>
/// Text from peers in a line for people and programs: it cannot end the line, close its quotes, or steer a terminal, and it is not endless.
/// </summary>
internal static class SafeText
{
    private const int Longest = 2_048;

    /// <summary>In quotes; <c>"-"</c> when there is none.</summary>
    internal static StringBuilder Quoted(this StringBuilder text, string? value) =>
        text.Append('"').Safe(string.IsNullOrEmpty(value) ? "-" : value).Append('"');

    /// <summary>Without quotes, as one word; <c>-</c> when there is none.</summary>
    internal static StringBuilder Word(this StringBuilder text, string? value) =>
        string.IsNullOrEmpty(value) ? text.Append('-') : value.AsSpan().ContainsAny(" \"") ? text.Quoted(value) : text.Safe(value);

    internal static StringBuilder Safe(this StringBuilder text, string value)
    {
        ReadOnlySpan<char> rest = value.AsSpan(0, Math.Min(value.Length, Longest));
        while (!rest.IsEmpty)
        {
            int next = rest.IndexOfAny(Unsafe);
            if (next < 0)
            {
                text.Append(rest);
                break;
            }

            text.Append(rest[..next]);
            _ = rest[next] is '"' or '\\' ? text.Append('\\').Append(rest[next])
                : text.Append(CultureInfo.InvariantCulture, $"\\x{(int)rest[next]:x2}");
            rest = rest[(next + 1)..];
        }

        return value.Length > Longest ? text.Append('…') : text;
    }

    // Controls of both sets, DEL, quotes, backslash, and separators that some viewers take for the end of a line.
    private static readonly System.Buffers.SearchValues<char> Unsafe = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 32).Concat(Enumerable.Range(127, 33)).Select(static c => (char)c), '"', '\\', '\u2028', '\u2029']);
}
