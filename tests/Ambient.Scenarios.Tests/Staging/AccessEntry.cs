using System.Text.RegularExpressions;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>A line of a ztunnel's access log: <c>TIME LEVEL access MESSAGE name=value…</c>; a field that is absent is empty.</summary>
internal sealed partial class AccessEntry
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    private AccessEntry(string line)
    {
        Line = line;
        foreach (Match field in Field.Matches(line))
        {
            string value = field.Groups[2].Value;
            _fields[field.Groups[1].Value] = value is ['"', .. var inner, '"'] ? Regex.Unescape(inner) : value;
        }
    }

    public string Line { get; }

    public IEnumerable<string> Names => _fields.Keys;

    public bool IsInbound => this["direction"] == "inbound";

    public bool IsOutbound => this["direction"] == "outbound";

    public string this[string name] => _fields.GetValueOrDefault(name, "");

    public static AccessEntry? Parse(string line) => line.Contains(" access ", StringComparison.Ordinal) ? new AccessEntry(line) : null;

    public bool IsFrom(MeshPod pod) => this["src.addr"].StartsWith(pod.Address + ":", StringComparison.Ordinal);

    public bool IsTo(MeshPod pod) => this["dst.addr"].StartsWith(pod.Address + ":", StringComparison.Ordinal);

    public bool IsBetween(MeshPod from, MeshPod to) => IsFrom(from) && IsTo(to);

    public override string ToString() => Line;

    [GeneratedRegex("""([a-z][a-z_.]*)=("(?:[^"\\]|\\.)*"|\S*)""")]
    private static partial Regex Field { get; }
}
