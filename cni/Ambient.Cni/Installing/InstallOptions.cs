using System.Globalization;

namespace Ambient.Cni.Installing;

/// <summary>Words of <c>ambient-cni install|uninstall</c>; <c>--name=value</c> or <c>--name value</c>.</summary>
internal sealed record InstallOptions
{
    internal const string Usage = """
        usage: ambient-cni install|uninstall --bin-dir DIR --conf-dir DIR [--socket PATH] [--wait SECONDS]
          install    copies this program into the plugin directory and joins the first network configuration
          uninstall  takes both back
          --socket   where the node's ztunnel listens, as the plugin sees it (/run/ambient/cni.sock)
          --wait     how long to wait for a network configuration to appear (60)
        """;

    public bool Uninstall { get; init; }

    public required string BinDirectory { get; init; }

    public required string ConfDirectory { get; init; }

    public string Socket { get; init; } = NetworkConfig.DefaultSocket;

    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="FormatException">Names the word.</exception>
    internal static InstallOptions Parse(IReadOnlyList<string> words)
    {
        Dictionary<string, string> values = [];
        for (int i = 1; i < words.Count; i++)
        {
            string[] parts = words[i].Split('=', 2);
            if (parts[0] is not ("--bin-dir" or "--conf-dir" or "--socket" or "--wait"))
            {
                throw new FormatException($"'{words[i]}' is not known");
            }

            values[parts[0]] = parts.Length == 2 ? parts[1] : ++i < words.Count ? words[i] : throw new FormatException($"{parts[0]} has no value");
        }

        var options = new InstallOptions
        {
            Uninstall = words[0] == "uninstall",
            BinDirectory = Required("--bin-dir"),
            ConfDirectory = Required("--conf-dir"),
        };
        return options with
        {
            Socket = values.GetValueOrDefault("--socket", options.Socket),
            Wait = values.TryGetValue("--wait", out string? wait) ? Seconds(wait) : options.Wait,
        };

        string Required(string name) =>
            values.TryGetValue(name, out string? value) && value.Length > 0 ? value : throw new FormatException($"{name} is missing");
    }

    private static TimeSpan Seconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"--wait is '{text}' but has to be a whole number from 0 to 3600");
}
