using System.Text.RegularExpressions;

namespace Ambient.Lab.Demo;

/// <summary>One line of ztunnel's access log in its text form: a message and <c>name=value</c> fields, values quoted where they need it.</summary>
internal sealed partial class AccessLogEntry
{
    private readonly Dictionary<string, string> _fields;

    private AccessLogEntry(Dictionary<string, string> fields) => _fields = fields;

    public string this[string name] => _fields.GetValueOrDefault(name, "");

    /// <summary>Null for a line of another kind.</summary>
    public static AccessLogEntry? Parse(string line)
    {
        if (!line.Contains(" access ", StringComparison.Ordinal))
        {
            return null;
        }

        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (Match field in Field.Matches(line))
        {
            string value = field.Groups[2].Value;
            fields[field.Groups[1].Value] = value is ['"', .. var inner, '"'] ? Regex.Unescape(inner) : value;
        }

        return new AccessLogEntry(fields);
    }

    [GeneratedRegex("""([a-z][a-z_.]*)=("(?:[^"\\]|\\.)*"|\S*)""")]
    private static partial Regex Field { get; }
}
