using System.Globalization;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.Linkerd;

/// <summary>Reads annotations; one that cannot be read is as if it were not there, and told when somebody listens.</summary>
internal sealed class Annotations(SourceMeta meta, RouteProblems? problems)
{
    public string Text(string name) => meta.Annotation(name).Trim();

    public string[] Words(string name) => Text(name).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public TimeSpan? Duration(string name)
    {
        string text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (GoDuration.TryParse(text, out TimeSpan duration) && duration > TimeSpan.Zero)
        {
            return duration;
        }

        Wrong(name, $"'{RouteFields.Shortened(text)}' is not a duration; write for example 5s or 100ms");
        return null;
    }

    public int? Whole(string name, int least, int most) => Number<int>(name, text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most ? value : null, $"a whole number from {least} to {most}");

    public double? Real(string name, double least, double most) => Number<double>(name, text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most ? value : null, $"a number from {least} to {most}");

    public void Wrong(string name, string message) => problems?.Warn(FindingCodes.UnsupportedRouteField, $"metadata.annotations[{name}]", $"{message}; it has no effect");

    private T? Number<T>(string name, Func<string, T?> read, string what) where T : struct
    {
        string text = Text(name);
        if (text.Length > 0 && read(text) is null)
        {
            Wrong(name, $"'{RouteFields.Shortened(text)}' is not {what}");
        }

        return text.Length > 0 ? read(text) : null;
    }
}
