using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Tests.Tokens;

/// <summary>An issuer on a loopback address: keys at /keys, discovery, and whatever else a test makes it say.</summary>
internal sealed class KeyServer : IAsyncDisposable, IKeyTransport
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _keys;

    private KeyServer(WebApplication app, string uri)
    {
        _app = app;
        Uri = uri;
        Answer = KeysAsync;
        app.Run(http =>
        {
            Asked.Enqueue(http.Request.Path);
            return Answer(http);
        });
    }

    public string Uri { get; }

    public ConcurrentQueue<string> Asked { get; } = new();

    public RequestDelegate Answer { get; set; }

    public static async Task<KeyServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        IPAddress address = Loopback.Next();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, 8081));
        var server = new KeyServer(builder.Build(), $"http://{address}:8081");
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A new key; the old one is gone.</summary>
    public void Rotate()
    {
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys++;
    }

    public string Token(string? issuer = null)
    {
        string signed = $"{Text($$"""{"alg":"ES256","kid":"k{{_keys}}"}""")}.{Text($$"""{"iss":"{{issuer ?? Uri}}","sub":"alice"}""")}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public string Keys
    {
        get
        {
            ECPoint q = _key.ExportParameters(false).Q;
            return $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"k{{_keys}}","x":"{{Base64Url.EncodeToString(q.X!)}}","y":"{{Base64Url.EncodeToString(q.Y!)}}"}]}""";
        }
    }

    public Task KeysAsync(HttpContext http)
    {
        switch (http.Request.Path.Value)
        {
            case "/keys":
                return http.Response.WriteAsync(Keys);
            case "/.well-known/openid-configuration":
                return http.Response.WriteAsync($$"""{"issuer":"{{Uri}}","jwks_uri":"{{Uri}}/keys"}""");
            default:
                http.Response.StatusCode = 404;
                return Task.CompletedTask;
        }
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop) => _client.SendAsync(request, stop);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static string Text(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
