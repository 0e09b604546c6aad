using System.Diagnostics;
using System.Globalization;
using System.Net;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Load;

/// <summary>
/// Requests over kept-alive HTTP/2 connections by prior knowledge, one at a time on each. This program itself, run in the client's host; it takes more
/// of the machine than a load generator in C, for every contender alike.
/// </summary>
internal static class Http2Load
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    public static async Task<WrkResult> RunAsync(string host, string target, int connections, int seconds, CancellationToken ct)
    {
        string text = await Command.RunAsync(
            Environment.ProcessPath!, ["http2", target, connections.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture)], ct, host);
        string[] parts = text.Trim().Split(' ');
        return new WrkResult(Long(parts[0]), Double(parts[1]), Double(parts[2]), Double(parts[3]), Long(parts[4]));
    }

    /// <summary>In the client's host: prints requests, seconds, p50, p99 (both microseconds) and failures.</summary>
    public static async Task<int> LoadAsync(string target, int connections, int seconds, CancellationToken ct)
    {
        var times = new List<double>[connections];
        long failed = 0;
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async i =>
        {
            List<double> mine = times[i] = [];
            using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
            while (Stopwatch.GetElapsedTime(started) < s_warmUp + TimeSpan.FromSeconds(seconds))
            {
                long begin = Stopwatch.GetTimestamp();
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{target}/")
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                using HttpResponseMessage answer = await client.SendAsync(request, ct);
                await answer.Content.CopyToAsync(Stream.Null, ct);
                if (!answer.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref failed);
                }

                mine.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
            }
        }));
        double[] all = [.. times.SelectMany(t => t).Order()];
        double took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all.Length} {took} {all[all.Length / 2]} {all[all.Length * 99 / 100]} {failed}"));
        return 0;
    }

    private static double Double(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
