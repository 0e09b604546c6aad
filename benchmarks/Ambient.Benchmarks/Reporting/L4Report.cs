using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Benchmarks.Reporting;

/// <summary>All rows of a run: contender, metric, the value of each alternating round. Ratios are of medians.</summary>
internal sealed class L4Report
{
    /// <summary>Metric to whether a larger value is better; the order of the table.</summary>
    private static readonly (string Key, bool LargerIsBetter, string Unit)[] Metrics =
    [
        ("cpu_per_request_1", false, "us"), ("cpu_per_request_64", false, "us"), ("rps_1", true, "/s"), ("rps_64", true, "/s"),
        ("p50_1", false, "us"), ("p99_1", false, "us"), ("p50_64", false, "us"), ("p99_64", false, "us"),
        ("gbps_1", true, "Gb/s"), ("gbps_4", true, "Gb/s"), ("cpu_per_gb_1", false, "s"), ("cpu_per_gb_4", false, "s"),
        ("connections_per_s", true, "/s"), ("handshakes_per_s", true, "/s"),
    ];

    private static readonly string[] RatioKeys =
    [
        "cpu_per_request_1", "cpu_per_request_64", "rps_64", "p50_1", "p99_64", "gbps_1", "gbps_4", "cpu_per_gb_1", "cpu_per_gb_4",
        "connections_per_s", "handshakes_per_s",
    ];

    private static readonly string[] Peers = ["haproxy", "nginx"];

    private readonly Dictionary<(string Contender, string Metric), List<double>> rows = [];

    public Dictionary<string, double> Own { get; } = [];

    public void Add(string contender, string metric, double value)
    {
        if (!rows.TryGetValue((contender, metric), out List<double>? values))
        {
            rows[(contender, metric)] = values = [];
        }

        values.Add(value);
    }

    public double? Median(string contender, string metric)
    {
        if (!rows.TryGetValue((contender, metric), out List<double>? values))
        {
            return null;
        }

        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Ours divided by the better peer's; null where a side has no figure.</summary>
    public double? Ratio(string metric)
    {
        bool larger = Metrics.First(m => m.Key == metric).LargerIsBetter;
        double[] peers = [.. Peers.Select(p => Median(p, metric)).OfType<double>()];
        return Median("ztunnel", metric) is { } ours && peers.Length > 0 ? ours / (larger ? peers.Max() : peers.Min()) : null;
    }

    public void Print(TextWriter to, IReadOnlyList<string> contenders)
    {
        to.WriteLine($"{"median of rounds",-22}{string.Concat(contenders.Select(c => $"{c,12}"))}{"ratio",10}");
        foreach ((string key, _, string unit) in Metrics)
        {
            string cells = string.Concat(contenders.Select(c => $"{Text(Median(c, key)),12}"));
            to.WriteLine($"{key + " " + unit,-22}{cells}{(RatioKeys.Contains(key) ? Text(Ratio(key)) : ""),10}");
        }

        if (Median("ztunnel", "p50_1") is { } ours && Median("direct", "p50_1") is { } direct)
        {
            Own["p50_added_us"] = ours - direct;
        }

        foreach ((string key, double value) in Own)
        {
            to.WriteLine($"{key,-22}{Text(value),12}");
        }
    }

    public JsonObject ToJson(string machine, int rounds, int seconds)
    {
        JsonArray all = [.. rows.OrderBy(r => r.Key.Contender, StringComparer.Ordinal).Select(r => (JsonNode)new JsonObject
        {
            ["contender"] = r.Key.Contender,
            ["metric"] = r.Key.Metric,
            ["median"] = Round(Median(r.Key.Contender, r.Key.Metric)!.Value),
            ["rounds"] = new JsonArray([.. r.Value.Select(v => (JsonNode)Round(v))]),
        })];
        JsonObject ratio = [];
        foreach (string key in RatioKeys)
        {
            ratio[key] = Ratio(key) is { } value ? Round(value) : null;
        }

        JsonObject own = [];
        foreach ((string key, double value) in Own)
        {
            own[key] = Round(value);
        }

        return new JsonObject
        {
            ["machine"] = machine,
            ["rounds"] = rounds,
            ["seconds_per_run"] = seconds,
            ["ratio"] = ratio,
            ["own"] = own,
            ["rows"] = all,
        };
    }

    public void Write(string file, string machine, int rounds, int seconds)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, ToJson(machine, rounds, seconds).ToJsonString(Indented) + "\n");
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static double Round(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Text(double? value) => value is { } v ? Round(v).ToString(CultureInfo.InvariantCulture) : "-";
}
