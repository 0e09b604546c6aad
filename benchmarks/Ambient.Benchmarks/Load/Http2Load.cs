using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Load;

/// <summary>
/// Requests over kept-alive HTTP/2 connections by prior knowledge, one at a time on each: GET, or unary calls of gRPC. This program itself, run in
/// the client's host; it takes more of the machine than a load generator in C, for every contender alike.
/// </summary>
internal static class Http2Load
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    private static readonly byte[] s_question = GrpcServer.Message(64);

    public static async Task<WrkResult> RunAsync(string host, string target, int connections, int seconds, bool grpc, CancellationToken ct)
    {
        string[] arguments =
            [grpc ? "grpc" : "http2", target, connections.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture)];
        string text = await Command.RunAsync(Environment.ProcessPath!, arguments, ct, host);
        string[] parts = text.Trim().Split(' ');
        return new WrkResult(Long(parts[0]), Double(parts[1]), Double(parts[2]), Double(parts[3]), Long(parts[4]));
    }

    /// <summary>In the client's host: prints requests, seconds, p50, p99 (both microseconds) and failures.</summary>
    public static async Task<int> LoadAsync(string target, int connections, int seconds, bool grpc, CancellationToken ct)
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
                if (!await (grpc ? CallAsync(client, target, ct) : GetAsync(client, target, ct)))
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

    private static async Task<bool> GetAsync(HttpMessageInvoker client, string target, CancellationToken ct)
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, $"http://{target}/");
        using HttpResponseMessage answer = await client.SendAsync(request, ct);
        await answer.Content.CopyToAsync(Stream.Null, ct);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Whether one message of the right length came and the status that follows it is OK.</summary>
    private static async Task<bool> CallAsync(HttpMessageInvoker client, string target, CancellationToken ct)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, $"http://{target}/bench.Bench/Unary");
        request.Headers.TE.ParseAdd("trailers");
        request.Content = new ByteArrayContent(s_question) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
        using HttpResponseMessage answer = await client.SendAsync(request, ct);
        byte[] message = await answer.Content.ReadAsByteArrayAsync(ct);
        return answer.IsSuccessStatusCode && message.Length == GrpcServer.HeadLength + GrpcServer.AnswerLength
            && answer.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? status) && status.Single() == "0";
    }

    private static HttpRequestMessage Request(HttpMethod method, string uri) => new(method, uri)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static double Double(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
