using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Ambient.Kube.Resources;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Http;

/// <summary>
/// Sends requests: address, credentials, time limit, a second try after 401 with fresh credentials, waiting when the server
/// asks to (429), and refusals as exceptions.
/// </summary>
internal sealed partial class KubeTransport : IDisposable
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(10);

    private readonly KubeConfig _config;
    private readonly KubeClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;

    public KubeTransport(KubeConfig config, KubeClientOptions options, TimeProvider time, ILogger logger)
    {
        _config = config;
        _options = options;
        _time = time;
        _logger = logger;
        _http = new HttpClient(ServerTrust.Handler(config, options)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The answer's body; at most what the process can hold, since the API server is trusted.</summary>
    public async Task<byte[]> ReadAsync(KubeRequest request, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(request, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>A response with a success code; anything else is thrown.</summary>
    public async Task<HttpResponseMessage> SendAsync(KubeRequest request, CancellationToken cancellation)
    {
        for (int attempt = 0; ; attempt++)
        {
            HttpResponseMessage response = await SendOnceAsync(request, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (response.StatusCode == HttpStatusCode.Unauthorized && attempt == 0 && _config.Credential is { CanRefresh: true } credential)
                {
                    credential.Invalidate();
                    continue;
                }

                if (RetryAfter(response) is { } wait && attempt < _options.MaxRetries)
                {
                    LogAskedToWait(_logger, request.PathAndQuery, (int)response.StatusCode, wait.TotalSeconds);
                    await Task.Delay(wait, _time, cancellation);
                    continue;
                }

                throw new KubeException(await StatusOfAsync(response, cancellation));
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(KubeRequest request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using HttpRequestMessage message = await MessageAsync(request, both.Token);
            HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (!request.Streaming)
            {
                await response.Content.LoadIntoBufferAsync(both.Token);
            }

            return response;
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{request.Method} {request.PathAndQuery}: no answer in {_options.RequestTimeout.TotalSeconds:0} s", e);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or AuthenticationException)
        {
            // SocketsHttpHandler lets some faults of a connection that breaks while it is made through as they are.
            throw new HttpRequestException($"{request.Method} {request.PathAndQuery}: {e.Message}", e);
        }
    }

    private async Task<HttpRequestMessage> MessageAsync(KubeRequest request, CancellationToken cancellation)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(_config.Server.AbsoluteUri.TrimEnd('/') + request.PathAndQuery))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        if (request.ContentType is not null)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        if (_config.ImpersonateUser is not null)
        {
            message.Headers.TryAddWithoutValidation("Impersonate-User", _config.ImpersonateUser);
        }

        if (_config.Credential is not null)
        {
            message.Headers.Authorization = await _config.Credential.AuthorizationAsync(cancellation);
        }

        return message;
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? header = response.Headers.RetryAfter;
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => Bounded(header?.Delta ?? TimeSpan.FromSeconds(1)),
            HttpStatusCode.ServiceUnavailable when header?.Delta is { } delta => Bounded(delta),
            _ => null,
        };
    }

    private static TimeSpan Bounded(TimeSpan asked) => asked < LongestRetryAfter ? asked : LongestRetryAfter;

    private static async Task<Status> StatusOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        int code = (int)response.StatusCode;
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation);
        try
        {
            if (JsonSerializer.Deserialize<Status>(body, KubeJson.Options) is { } status && (status.Reason ?? status.Message) is not null)
            {
                return status.Code == code ? status : status with { Code = code };
            }
        }
        catch (JsonException)
        {
            // Something in between answered, or a handler that speaks plain text: its words go into the message.
        }

        string text = System.Text.Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 512)).Trim();
        return new Status { Code = code, Reason = response.StatusCode.ToString(), Message = text };
    }

    [LoggerMessage(1, LogLevel.Warning, "The API server answered {StatusCode} to {Path} and asked to wait {Seconds} s")]
    private static partial void LogAskedToWait(ILogger logger, string path, int statusCode, double seconds);
}
