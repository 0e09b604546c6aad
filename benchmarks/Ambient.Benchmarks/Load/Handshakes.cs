using System.Globalization;
using System.Text.RegularExpressions;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Load;

/// <summary>Full mutual TLS 1.3 handshakes against the server-side proxy, by two <c>openssl s_time -new</c> at once.</summary>
internal static partial class Handshakes
{
    public static async Task<double> PerSecondAsync(string host, string target, string certificates, int seconds, CancellationToken ct)
    {
        Task<string>[] clients = [.. Enumerable.Range(0, 2).Select(_ => Command.RunAsync("openssl",
            ["s_time", "-connect", target, "-new", "-time", $"{seconds}", "-cert", $"{certificates}/client.pem",
             "-key", $"{certificates}/client-key.pem", "-CAfile", $"{certificates}/root-cert.pem"], ct, host))];
        double total = 0;
        foreach (string text in await Task.WhenAll(clients))
        {
            Match m = RealTimeLine.Match(text);
            total += m.Success
                ? double.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / double.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"openssl s_time printed no count:\n{text}");
        }

        return total;
    }

    [GeneratedRegex(@"(\d+) connections in (\d+) real seconds")]
    private static partial Regex RealTimeLine { get; }
}
