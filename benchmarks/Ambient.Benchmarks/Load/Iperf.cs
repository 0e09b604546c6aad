using System.Text.Json;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Load;

/// <summary>Bulk bytes over some streams, client to server, by iperf3.</summary>
internal sealed record IperfResult(double Bytes, double Seconds)
{
    public double GigabitsPerSecond => Bytes * 8 / Seconds / 1e9;
}

internal static class Iperf
{
    public static async Task<IperfResult> RunAsync(string host, string target, int streams, int seconds, CancellationToken ct)
    {
        string[] parts = target.Split(':');
        string text = await Command.RunAsync(
            "iperf3", ["-c", parts[0], "-p", parts[1], "-P", $"{streams}", "-t", $"{seconds}", "-J"], ct, host);
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement sum = document.RootElement.GetProperty("end").GetProperty("sum_received");
        return new IperfResult(sum.GetProperty("bytes").GetDouble(), sum.GetProperty("seconds").GetDouble());
    }
}
