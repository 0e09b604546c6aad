using System.Net;
using System.Net.Sockets;

namespace Ambient.Waypoint.Tests.Requests.Rig;

/// <summary>An HTTP client of the rig.</summary>
internal sealed class TestClient(IPEndPoint to, bool http2) : IAsyncDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (_, ct) =>
        {
            Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(to, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    internal HttpRequestMessage Request(HttpMethod method, string target, HttpContent? content = null, params string[] headers)
    {
        HttpRequestMessage request = new(method, new Uri($"http://{RequestRig.Host}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        foreach (string header in headers)
        {
            int colon = header.IndexOf(": ", StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 2)..]);
        }

        return request;
    }

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken? ct = null) =>
        _invoker.SendAsync(request, ct ?? TestContext.Current.CancellationToken);

    internal Task<HttpResponseMessage> GetAsync(string target, params string[] headers) => SendAsync(Request(HttpMethod.Get, target, null, headers));

    internal Task<HttpResponseMessage> PostAsync(string target, byte[] body, params string[] headers) =>
        SendAsync(Request(HttpMethod.Post, target, new ByteArrayContent(body), headers));

    /// <summary>Status, reason if we gave one, and body, in one line.</summary>
    internal async Task<string> AskAsync(string target, params string[] headers) => await TextAsync(await GetAsync(target, headers));

    internal static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        using HttpResponseMessage owned = answer;
        string body = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimEnd('\n');
        string reason = answer.Headers.TryGetValues("ambient-reason", out IEnumerable<string>? reasons) ? $" {reasons.Single()}" : "";
        return $"{(int)answer.StatusCode}{reason} {body}".TrimEnd();
    }

    public ValueTask DisposeAsync()
    {
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }
}
