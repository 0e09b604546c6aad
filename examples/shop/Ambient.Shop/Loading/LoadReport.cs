using System.Text.Json.Nodes;

namespace Ambient.Shop.Loading;

/// <summary>Counts answers; written by many at once.</summary>
internal sealed class LoadReport
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _status = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _pods = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _errors = new(StringComparer.Ordinal);
    private int _overSecond;
    private readonly List<double> _milliseconds = [];

    public void Answered(int status, string version, string pod, string reason, TimeSpan took)
    {
        lock (_lock)
        {
            Count(_status, status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Count(_versions, version);
            Count(_pods, pod);
            Count(_reasons, reason);
            _overSecond += took > TimeSpan.FromSeconds(1) ? 1 : 0;
            _milliseconds.Add(took.TotalMilliseconds);
        }
    }

    public void Failed(string error)
    {
        lock (_lock)
        {
            Count(_errors, error);
        }
    }

    /// <summary><c>{"requests","seconds","status":{},"versions":{},"pods":{},"reasons":{},"errors":{},"overSecond","ms":{"p50","p90","p99","max"}}</c></summary>
    public JsonObject ToJson(int requests, TimeSpan took)
    {
        lock (_lock)
        {
            _milliseconds.Sort();
            return new JsonObject
            {
                ["requests"] = requests,
                ["seconds"] = Math.Round(took.TotalSeconds, 3),
                ["status"] = Map(_status),
                ["versions"] = Map(_versions),
                ["pods"] = Map(_pods),
                ["reasons"] = Map(_reasons),
                ["errors"] = Map(_errors),
                ["overSecond"] = _overSecond,
                ["ms"] = new JsonObject { ["p50"] = At(0.5), ["p90"] = At(0.9), ["p99"] = At(0.99), ["max"] = At(1) },
            };
        }
    }

    private static void Count(SortedDictionary<string, int> counts, string key)
    {
        if (key.Length > 0)
        {
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }

    private static JsonObject Map(SortedDictionary<string, int> counts) => new(counts.Select(static c => KeyValuePair.Create<string, JsonNode?>(c.Key, c.Value)));

    private double At(double share) => _milliseconds.Count == 0 ? 0 : Math.Round(_milliseconds[(int)Math.Min(_milliseconds.Count - 1, share * _milliseconds.Count)], 2);
}
