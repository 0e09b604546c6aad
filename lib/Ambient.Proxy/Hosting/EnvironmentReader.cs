using System.Globalization;

namespace Ambient.Proxy.Hosting;

/// <summary>Reads variables of the environment; an empty one counts as not set, one that makes no sense is refused by name.</summary>
internal abstract class EnvironmentReader(Func<string, string?> variable)
{
    protected string? Text(string name) => variable(name) is { Length: > 0 } value ? value : null;

    protected TimeSpan Seconds(string name, TimeSpan otherwise, int min, int max) =>
        TimeSpan.FromSeconds(Number(name, (int)otherwise.TotalSeconds, min, max));

    protected int Number(string name, int otherwise, int min, int max) =>
        Parsed(name, otherwise, $"a whole number from {min} to {max}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max
                ? value
                : throw new FormatException());

    /// <exception cref="FormatException">Names the variable and what it should be.</exception>
    protected T Parsed<T>(string name, T otherwise, string expected, Func<string, T> parse)
    {
        string? text = Text(name);
        try
        {
            return text is null ? otherwise : parse(text);
        }
        catch (FormatException)
        {
            throw new FormatException($"{name} is '{text}' but has to be {expected}");
        }
    }

    protected static Uri ParseXds(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps ? uri : throw new FormatException();

    protected static T ParseEnum<T>(string text)
        where T : struct, Enum =>
        !char.IsAsciiDigit(text[0]) && Enum.TryParse(text, ignoreCase: true, out T value) ? value : throw new FormatException();
}
