using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Benchmarks.L7;

/// <summary>
/// All rows of a run; ratios are of medians: the waypoint's CPU a request to the better peer's, 1,000 routes' to one's, and the whole path's figures to
/// those without a mesh.
/// </summary>
internal sealed class L7Report
{
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
        to.WriteLine($"{"median of rounds",-40}{string.Concat(contenders.Select(c => $"{c,12}"))}");
        foreach (string metric in _rows.Keys.Select(k => k.Metric).Distinct())
        {
            to.WriteLine($"{metric,-40}{string.Concat(contenders.Select(c => $"{Text(Median(c, metric)),12}"))}");
        }

        foreach ((string name, double? value) in Ratios().Where(r => r.Value is not null))
        {
            to.WriteLine($"{name,-40}{Text(value),12}");
        }
    }

    public void Write(string file, string machine, int rounds, int seconds)
    {
        JsonObject ratio = [];
        foreach ((string name, double? value) in Ratios().Where(r => r.Value is not null))
        {
            ratio[name] = Round(value!.Value);
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
        foreach (string load in L7Load.All.Select(l => l.Name))
        {
            string metric = $"cpu_per_request_{load}";
            double[] peers = [.. ((string[])["haproxy", "nginx"]).Select(p => Median(p, metric)).OfType<double>()];
            yield return ($"cpu_to_better_peer_{load}", peers.Length > 0 ? Median("waypoint", metric) / peers.Min() : null);
            yield return ($"cpu_1000_routes_to_1_{load}", Median("routes", metric) / Median("waypoint", metric));
            foreach (string what in (string[])["rps", "p50", "p99"])
            {
                yield return ($"path_{what}_to_no_mesh_{load}", Median("waypoint", $"{what}_{load}") / Median("direct", $"{what}_{load}"));
            }

            // Without a mesh no proxy costs anything: what they cost together is told in the application's own cost.
            yield return ($"path_cpu_to_application_{load}", Median("waypoint", $"cpu_path_per_request_{load}") / Median("direct", $"cpu_path_per_request_{load}"));
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
