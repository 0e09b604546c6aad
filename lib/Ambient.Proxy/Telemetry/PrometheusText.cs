using System.Globalization;
using System.Text;

namespace Ambient.Proxy.Telemetry;

/// <summary>
/// Prometheus text exposition format 0.0.4, or OpenMetrics 1.0, by hand. They differ in the name of a counter's family, which in OpenMetrics
/// is without <c>_total</c>, and in the last line.
/// </summary>
internal sealed class PrometheusText(bool openMetrics = false)
{
    private const string CounterSuffix = "_total";

    internal string ContentType => openMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <param name="name">Of the samples; a counter's ends in <c>_total</c>.</param>
    /// <param name="type">counter, gauge or histogram.</param>
    /// <param name="help">One line.</param>
    internal PrometheusText Family(string name, string type, string help)
    {
        string family = openMetrics && type == "counter" && name.EndsWith(CounterSuffix, StringComparison.Ordinal) ? name[..^CounterSuffix.Length] : name;
        _text.Append("# HELP ").Append(family).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(family).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <param name="labels">Already in the form <c>a="b",c="d"</c>, or empty.</param>
    internal PrometheusText Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    internal static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length > 0 ? "," : "").Append(name).Append("=\"");
            foreach (char c in value)
            {
                _ = c switch
                {
                    '\\' => text.Append("\\\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append("\\n"),
                    _ => text.Append(c),
                };
            }

            text.Append('"');
        }

        return text.ToString();
    }

    public override string ToString() => openMetrics ? _text + "# EOF\n" : _text.ToString();
}
