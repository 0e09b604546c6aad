using System.Globalization;

namespace Ambient.Echo;

/// <summary>Plain <c>--name value</c> options; a name without a value is a flag.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> options = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                Words.Add(args[i]);
            }
            else if (args[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                options[args[i][2..equals]] = args[i][(equals + 1)..];
            }
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) && !IsFlag(args[i][2..]))
            {
                options[args[i][2..]] = args[++i];
            }
            else
            {
                options[args[i][2..]] = "true";
            }
        }
    }

    public List<string> Words { get; } = [];

    public bool Flag(string name) => Text(name) is "true";

    /// <summary>From the command line, else from the environment (<c>ECHO_NAME</c>).</summary>
    public string? Text(string name) =>
        options.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable("ECHO_" + name.ToUpperInvariant().Replace('-', '_'));

    public int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static bool IsFlag(string name) => name is "keepalive" or "half-close" or "read-first";
}
