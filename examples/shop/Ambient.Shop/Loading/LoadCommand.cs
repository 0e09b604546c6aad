using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Ambient.Shop.Loading;

/// <summary><c>load</c>: sends requests on kept connections, and prints one JSON object with what came back. Exits with 1 when a request got no answer at all.</summary>
internal static class LoadCommand
{
    public static int Usage()
    {
        Console.Error.WriteLine("usage: ambient-shop [serve] | set NAME=VALUE… | load URL …");
        return 2;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        LoadOptions options;
        try
        {
            options = LoadOptions.Read(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 2;
        }

        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = options.Concurrency,
            ActivityHeadersPropagator = null,
        })
        { Timeout = TimeSpan.FromMilliseconds(options.TimeoutMs) };
        var report = new LoadReport();
        int left = options.Requests;
        int failed = 0;
        long begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => RowAsync())).ConfigureAwait(false);
        await Console.Out.WriteLineAsync(report.ToJson(options.Requests, Stopwatch.GetElapsedTime(begun)).ToJsonString()).ConfigureAwait(false);
        return failed == 0 ? 0 : 1;

        async Task RowAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                if (!await SendAsync(client, options, report).ConfigureAwait(false))
                {
                    Interlocked.Increment(ref failed);
                }

                if (options.IntervalMs > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(options.IntervalMs), TimeProvider.System).ConfigureAwait(false);
                }
            }
        }
    }

    private static async Task<bool> SendAsync(HttpClient client, LoadOptions options, LoadReport report)
    {
        using var request = new HttpRequestMessage(new HttpMethod(options.Method), options.Url);
        request.Content = options.Body is null ? null : new StringContent(options.Body);
        if (options.Http2)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        foreach (var (name, value) in options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        long begun = Stopwatch.GetTimestamp();
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request).ConfigureAwait(false);
            byte[] body = await answer.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
            var (version, pod) = Read(body);
            string reason = answer.Headers.TryGetValues("ambient-reason", out var reasons) ? string.Join(',', reasons) : "";
            report.Answered((int)answer.StatusCode, version, pod, reason, Stopwatch.GetElapsedTime(begun));
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            report.Failed(e is OperationCanceledException ? "timeout" : e.InnerException?.Message ?? e.Message);
            return false;
        }
    }

    /// <summary>Version and pod, which the shop's services and the echo server write into their answers.</summary>
    private static (string Version, string Pod) Read(byte[] body)
    {
        if (body is not [(byte)'{', ..])
        {
            return ("", "");
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return (Text(json, "version"), Text(json, "pod"));
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }

    private static string Text(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
