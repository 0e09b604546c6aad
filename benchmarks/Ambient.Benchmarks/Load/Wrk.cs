using System.Globalization;
using System.Text.RegularExpressions;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Load;

/// <summary>Requests over kept-alive (or, with <c>close</c>, one-request) HTTP/1.1 connections, by wrk.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Errors">Socket errors and answers other than 2xx/3xx.</param>
internal sealed record WrkResult(long Requests, double Seconds, double P50Us, double P99Us, long Errors)
{
    public double PerSecond => Requests / Seconds;
}

internal static partial class Wrk
{
    /// <summary>Runs <paramref name="connections"/> connections for <paramref name="seconds"/> s.</summary>
    public static async Task<WrkResult> RunAsync(string host, string target, int connections, int seconds, bool close, CancellationToken ct)
    {
        List<string> arguments =
            ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "5s", "--latency", "-s", Script, $"http://{target}/"];
        if (close)
        {
            arguments.InsertRange(0, ["-H", "Connection: close"]);
        }

        string text = await Command.RunAsync("wrk", arguments, ct, host);
        Match m = ResultLine.Match(text);
        return m.Success
            ? new WrkResult(Long(m, 1), Double(m, 2) / 1e6, Double(m, 3), Double(m, 4), Long(m, 5))
            : throw new InvalidOperationException($"wrk printed no result line:\n{text}");
    }

    /// <summary>Prints one line of counts and microseconds that is read back; written once next to the program's own files.</summary>
    private static string Script { get; } = WriteScript();

    private static string WriteScript()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "wrk-result.lua");
        File.WriteAllText(file,
            "done = function(s, l, r) io.write(string.format('RESULT %d %d %d %d %d\\n', s.requests, s.duration, "
            + "l:percentile(50), l:percentile(99), s.errors.connect + s.errors.read + s.errors.write + s.errors.timeout + s.errors.status)) end\n");
        return file;
    }

    private static double Double(Match m, int group) => double.Parse(m.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static long Long(Match m, int group) => long.Parse(m.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)")]
    private static partial Regex ResultLine { get; }
}
