using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Benchmarks.L7;

/// <summary>All rows of a run; ratios are of medians: the waypoint's CPU a request to the better peer's, and 1,000 routes' to one's.</summary>
internal sealed class L7Report
{
    private static readonly string[] s_loads = ["http1_1", "http1_64", "http2_1", "http2_64"];
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private readonly Dictionary<(string Contender, string Metric), List<double>> _rows = [];

    public void Add(string contender, string metric, double value)
    {
        if (!_rows.TryGetValue((contender, metric), out List<double>? values))
        {
            _rows[(contender, metric)] = values = [];
        }

        values.Add(value);
    }

    public void Print(TextWriter to, IReadOnlyList<string> contenders)
    {
        to.WriteLine($"{"median of rounds",-28}{string.Concat(contenders.Select(c => $"{c,12}"))}");
        foreach (string metric in _rows.Keys.Select(k => k.Metric).Distinct())
        {
            to.WriteLine($"{metric,-28}{string.Concat(contenders.Select(c => $"{Text(Median(c, metric)),12}"))}");
        }

        foreach ((string name, double? value) in Ratios())
        {
            to.WriteLine($"{name,-28}{Text(value),12}");
        }
    }

    public void Write(string file, string machine, int rounds, int seconds)
    {
        JsonObject ratio = [];
        foreach ((string name, double? value) in Ratios())
        {
            ratio[name] = value is { } v ? Round(v) : null;
        }

        JsonArray rows = [.. _rows.OrderBy(r => r.Key.Contender, StringComparer.Ordinal).Select(r => (JsonNode)new JsonObject
        {
            ["contender"] = r.Key.Contender,
            ["metric"] = r.Key.Metric,
            ["median"] = Round(Median(r.Key.Contender, r.Key.Metric)!.Value),
            ["rounds"] = new JsonArray([.. r.Value.Select(v => (JsonNode)Round(v))]),
        })];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, new JsonObject
        {
            ["machine"] = machine,
            ["rounds"] = rounds,
            ["seconds_per_run"] = seconds,
            ["ratio"] = ratio,
            ["rows"] = rows,
        }.ToJsonString(s_indented) + "\n");
    }

    private IEnumerable<(string Name, double? Value)> Ratios()
    {
        foreach (string load in s_loads)
        {
            string metric = $"cpu_per_request_{load}";
            double[] peers = [.. ((string[])["haproxy", "nginx"]).Select(p => Median(p, metric)).OfType<double>()];
            yield return ($"cpu_to_better_peer_{load}", Median("waypoint", metric) is { } ours && peers.Length > 0 ? ours / peers.Min() : null);
            yield return ($"cpu_1000_routes_to_1_{load}", Median("routes", metric) is { } many && Median("waypoint", metric) is { } one ? many / one : null);
        }
    }

    private double? Median(string contender, string metric)
    {
        if (!_rows.TryGetValue((contender, metric), out List<double>? values))
        {
            return null;
        }

        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double Round(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Text(double? value) => value is { } v ? Round(v).ToString(CultureInfo.InvariantCulture) : "-";
}
