using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

[assembly: AssemblyFixture(typeof(Ambient.Kube.Emulator.Tests.ServerFixture))]

namespace Ambient.Kube.Emulator.Tests;

/// <summary>One server for all tests; each test works in a namespace of its own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private int names;

    public EmulatedApiServer Server { get; private set; } = null!;

    public string Kubeconfig { get; private set; } = "";

    public HttpClient Admin { get; private set; } = null!;

    internal EchoAgent Agent { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Server = await EmulatedApiServer.StartAsync(new EmulatorOptions { NodeAgent = Agent, BookmarkInterval = TimeSpan.FromMilliseconds(200) }, CancellationToken.None);
        Kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("emulator-tests").FullName, "kubeconfig");
        await File.WriteAllTextAsync(Kubeconfig, Server.AdminKubeconfig(Server.Url));
        Admin = Client("kubernetes-admin", "system:masters");
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(Kubeconfig)!, recursive: true);
    }

    /// <summary>A client with a certificate of its own; without a user, none.</summary>
    public HttpClient Client(string? user = null, params string[] groups) => ClientOf(Server, user, groups);

    public static HttpClient ClientOf(EmulatedApiServer server, string? user = null, params string[] groups) =>
        ClientWith(server, user is null ? null : server.IssueClientCertificate(user, groups));

    /// <summary>A client that trusts the server and shows a certificate, wherever that is from.</summary>
    public static HttpClient ClientWith(EmulatedApiServer server, (string CertificatePem, string KeyPem)? identity)
    {
        var handler = new SocketsHttpHandler();
        X509Certificate2 authority = X509Certificate2.CreateFromPem(server.CaPem);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        if (identity is { } shown)
        {
            using X509Certificate2 pair = X509Certificate2.CreateFromPem(shown.CertificatePem, shown.KeyPem);
            handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null)];
        }

        return new HttpClient(handler) { BaseAddress = new Uri(server.Url), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>A new namespace, with its service account in place.</summary>
    public async Task<string> NamespaceAsync(CancellationToken ct)
    {
        string name = $"t{Interlocked.Increment(ref names)}";
        await PostAsync("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}"}}""", ct);
        return name;
    }

    public async Task<JsonObject> GetAsync(string path, CancellationToken ct) => await SendAsync(HttpMethod.Get, path, null, ct);

    public async Task<JsonObject> PostAsync(string path, string body, CancellationToken ct) => await SendAsync(HttpMethod.Post, path, body, ct);

    public async Task<JsonObject> PutAsync(string path, JsonObject body, CancellationToken ct) => await SendAsync(HttpMethod.Put, path, body.ToJsonString(), ct);

    public async Task<JsonObject> DeleteAsync(string path, CancellationToken ct, string? body = null) => await SendAsync(HttpMethod.Delete, path, body, ct);

    public async Task<JsonObject> PatchAsync(string path, string media, string body, CancellationToken ct) => await SendAsync(HttpMethod.Patch, path, body, ct, media);

    /// <summary>The answer, whatever its code: a Status has it in "code".</summary>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, string? body, CancellationToken ct, string media = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(media);
        }

        using HttpResponseMessage response = await Admin.SendAsync(request, ct);
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(ct))!;
    }

    /// <summary>Asks again until the answer is as wanted; the emulator's collectors work in the background.</summary>
    public async Task<JsonObject> UntilAsync(string path, Func<JsonObject, bool> wanted, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        JsonObject answer = await GetAsync(path, limit.Token);
        while (!wanted(answer))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
            answer = await GetAsync(path, limit.Token);
        }

        return answer;
    }

    public static bool IsGone(JsonObject answer) => answer.Text("reason") == "NotFound";
}
