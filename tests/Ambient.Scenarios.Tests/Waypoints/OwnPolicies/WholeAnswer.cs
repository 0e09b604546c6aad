using System.Globalization;

namespace Ambient.Scenarios.Tests.Waypoints.OwnPolicies;

/// <summary>An answer as curl -i prints it: status, headers (by lower-case name), body.</summary>
internal sealed record WholeAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Empty when the answer has no such header.</summary>
    public string this[string header] => Headers.GetValueOrDefault(header, "");

    public int Number(string header) => int.Parse(this[header], CultureInfo.InvariantCulture);

    public static WholeAnswer Parse(string text)
    {
        string[] halves = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split("\n\n", 2);
        string[] lines = halves[0].Split('\n');
        return new WholeAnswer(
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            lines[1..].Select(static l => l.Split(':', 2)).Where(static p => p.Length == 2)
                .GroupBy(static p => p[0].ToLowerInvariant()).ToDictionary(static g => g.Key, static g => string.Join(", ", g.Select(static p => p[1].Trim()))),
            halves is [_, var body] ? body : "");
    }

    public override string ToString() => $"{Status} {string.Join("; ", Headers.Select(static h => $"{h.Key}: {h.Value}"))} {Body}";
}
