using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Shop.Calling;

/// <summary>Calls other services by their names: HTTP/1.1 and gRPC. What went wrong is part of the answer, never an exception.</summary>
internal sealed class ShopClient : IDisposable
{
    private const int MaxAnswer = 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(30), UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    public void Dispose() => _http.Dispose();

    public async Task<CallAnswer> HttpAsync(
        string method, string service, string path, string? body, ImmutableArray<(string Name, string Value)> headers, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), AddressOf(service, "SHOP_HTTP_URL", 80, path));
        request.Content = body is null ? null : new StringContent(body);
        return await SendAsync(service, request, headers, static async (answer, ct) => ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(ct).ConfigureAwait(false)), stop).ConfigureAwait(false);
    }

    public async Task<CallAnswer> GrpcAsync(
        string service, string path, string message, ImmutableArray<(string Name, string Value)> headers, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(service, "SHOP_GRPC_URL", 9090, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcMessage.Frame(message)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        return await SendAsync(service, request, headers, ReadGrpcAsync, stop).ConfigureAwait(false);
    }

    private async Task<CallAnswer> SendAsync(
        string service, HttpRequestMessage request, ImmutableArray<(string Name, string Value)> headers,
        Func<HttpResponseMessage, CancellationToken, Task<(int Status, string Body)>> read, CancellationToken stop)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            var (status, body) = await read(answer, stop).ConfigureAwait(false);
            return new CallAnswer(service, status, Parse(body));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return new CallAnswer(service, 502, JsonValue.Create(e.Message));
        }
    }

    private static async Task<(int Status, string Body)> ReadGrpcAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        Stream stream = await answer.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            string? message = await GrpcMessage.ReadAsync(stream, MaxAnswer, stop).ConfigureAwait(false);
            await stream.CopyToAsync(Stream.Null, stop).ConfigureAwait(false);
            string status = Trailer(answer.TrailingHeaders) ?? Trailer(answer.Headers) ?? "none";
            return status == "0" ? (200, message ?? "") : (503, $"grpc-status {status}");
        }
    }

    private static string? Trailer(HttpResponseHeaders headers) => headers.TryGetValues("grpc-status", out var values) ? values.FirstOrDefault() : null;

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return JsonValue.Create(body.Trim());
        }
    }

    private static Uri AddressOf(string service, string variable, int port, string path) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } all ? new Uri(new Uri(all), path) : new Uri($"http://{service}:{port}{path}");
}
