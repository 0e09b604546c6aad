using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ambient.Kube.Http;
using Ambient.Kube.Tests.Support;
using Ambient.Testing;
using Microsoft.AspNetCore.Hosting;

namespace Ambient.Kube.Tests.Http;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KubeConfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubeconfig");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_NoSuchContext_NamesFileAndEntry()
    {
        string path = Write("config", "current-context: a\ncontexts: []\n");
        KubeConfigException e = Assert.Throws<KubeConfigException>(() => KubeConfig.Load(path));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains("contexts has no entry 'a'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate-authority-data: '!!'", "user: {}", "certificate-authority-data is not base64")]
    [InlineData("server: ftp://x", "user: {}", "is not an http or https URL")]
    [InlineData("server: https://x", "user: {client-certificate-data: YQ==}", "client-certificate without client-key")]
    [InlineData("server: https://x", "user: {auth-provider: {name: gcp}}", "auth-provider is no longer supported")]
    public void Parse_BadEntry_NamesTheField(string cluster, string user, string expected)
    {
        string server = cluster.StartsWith("server", StringComparison.Ordinal) ? cluster : "server: https://x\n    " + cluster;
        KubeConfigException e = Assert.Throws<KubeConfigException>(() => KubeConfig.Parse(Yaml(server, user)));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralFiles_TheFirstThatHasAnEntryWins()
    {
        KubeConfigFile first = KubeConfigFile.Parse("current-context: c\ncontexts:\n- name: c\n  context: {cluster: k, user: u, namespace: shop}\n", "a", "/");
        KubeConfigFile second = KubeConfigFile.Parse(Yaml("server: https://second", "user: {token: t}"), "b", "/");
        KubeConfig config = KubeConfigReader.Read([first, second], null, TimeProvider.System);
        Assert.Equal("shop", config.Namespace);
        Assert.Equal("second", config.Server.Host);
    }

    [Fact]
    public async Task Connect_ClientCertificateFiles_ArePresentedAndTheServerIsVerified()
    {
        using X509Certificate2 ca = Ca("lab");
        using X509Certificate2 server = Leaf(ca, "127.0.0.1");
        X509Certificate2? presented = null;
        await using ScriptedApi api = await ScriptedApi.StartAsync(o => o.UseHttps(server, h =>
        {
            h.ClientCertificateMode = Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.RequireCertificate;
            h.ClientCertificateValidation = (certificate, _, _) => (presented = certificate) is not null;
        }));
        api.Json("GET /version", "{}");
        using X509Certificate2 me = Leaf(ca, "admin");
        Write("ca.pem", ca.ExportCertificatePem());
        Write("me.pem", me.ExportCertificatePem());
        Write("me.key", me.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string path = Write("config", Yaml($"server: {api.Url}\n    certificate-authority: ca.pem", "user: {client-certificate: me.pem, client-key: me.key}"));
        using var client = new KubeClient(KubeConfig.Load(path));
        await (await client.GetStreamAsync("/version", Cancel)).DisposeAsync();
        Assert.Equal("CN=admin", presented!.Subject);

        using X509Certificate2 otherCa = Ca("other");
        Write("ca.pem", otherCa.ExportCertificatePem());
        using var distrustful = new KubeClient(KubeConfig.Load(path));
        await Assert.ThrowsAsync<HttpRequestException>(() => distrustful.GetStreamAsync("/version", Cancel));
    }

    [Fact]
    public async Task Authorization_TokenFile_IsReadAgainAfterAMinuteAndAfterARefusal()
    {
        string path = Write("token", "one\n");
        var time = new ManualTime();
        Credential credential = Credential.BearerFile(path, time);
        Assert.Equal("one", (await credential.AuthorizationAsync(Cancel))!.Parameter);
        File.WriteAllText(path, "two");
        Assert.Equal("one", (await credential.AuthorizationAsync(Cancel))!.Parameter);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("two", (await credential.AuthorizationAsync(Cancel))!.Parameter);
        File.WriteAllText(path, "three");
        credential.Invalidate();
        Assert.Equal("three", (await credential.AuthorizationAsync(Cancel))!.Parameter);
    }

    [Fact]
    public async Task Request_RefusedToken_IsTriedOnceMoreWithAFreshOne()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        string path = Write("token", "old");
        api.On("GET /version", context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer new" ? 200 : 401;
            File.WriteAllText(path, "new");
            return Task.CompletedTask;
        });
        using var client = new KubeClient(KubeConfig.Parse(Yaml($"server: {api.Url}", $"user: {{tokenFile: {path}}}")));
        await (await client.GetStreamAsync("/version", Cancel)).DisposeAsync();
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task Authorization_ExecPlugin_RunsOnceUntilItsTokenExpires()
    {
        string script = Write("get-token", """
            #!/bin/sh
            echo run >> "$(dirname "$0")/runs"
            case "$KUBERNETES_EXEC_INFO" in *client.authentication.k8s.io/v1*) ;; *) echo "no info" >&2; exit 3;; esac
            echo '{"kind":"ExecCredential","status":{"token":"'"$PREFIX$1"'","expirationTimestamp":"2030-05-17T10:30:00Z"}}'
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string path = Write("config", Yaml("server: https://x",
            "user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./get-token, args: [b], env: [{name: PREFIX, value: a}]}}"));
        var time = new ManualTime();
        Credential credential = KubeConfig.Load(path, time: time).Credential!;
        Assert.Equal("ab", (await credential.AuthorizationAsync(Cancel))!.Parameter);
        await credential.AuthorizationAsync(Cancel);
        Assert.Single(File.ReadAllLines(Path.Combine(_folder.FullName, "runs")));
        time.Advance(TimeSpan.FromHours(1));
        await credential.AuthorizationAsync(Cancel);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(_folder.FullName, "runs")).Length);
    }

    [Theory]
    [InlineData("#!/bin/sh\necho 'log in first' >&2; exit 1\n", "log in first")]
    [InlineData("#!/bin/sh\necho 'not json'\n", "cannot be read")]
    [InlineData("#!/bin/sh\necho '{\"status\":{}}'\n", "neither token nor certificate")]
    public async Task Authorization_ExecPluginFails_SaysWhy(string script, string expected)
    {
        string command = Write("plugin", script);
        File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        KubeConfig config = KubeConfig.Parse(Yaml("server: https://x", $"user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, command: {command}}}}}"));
        KubeConfigException e = await Assert.ThrowsAsync<KubeConfigException>(async () => await config.Credential!.AuthorizationAsync(Cancel));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorization_ExecPluginIsNotInstalled_GivesItsHint()
    {
        KubeConfig config = KubeConfig.Parse(Yaml("server: https://x",
            "user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: surely-not-there, installHint: get it from the shelf}}"));
        KubeConfigException e = await Assert.ThrowsAsync<KubeConfigException>(async () => await config.Credential!.AuthorizationAsync(Cancel));
        Assert.Contains("get it from the shelf", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InCluster_IPv6Host_IsBracketed()
    {
        using X509Certificate2 ca = Ca("c");
        Write("ca.crt", ca.ExportCertificatePem());
        Write("token", "t");
        Write("namespace", "ambient-system\n");
        KubeConfig config = KubeConfig.InCluster("fd00:96::1", "443", _folder.FullName, TimeProvider.System);
        Assert.Equal("https://[fd00:96::1]/", config.Server.AbsoluteUri);
        Assert.Equal("ambient-system", config.Namespace);
    }

    private static string Yaml(string cluster, string user) =>
        $"current-context: c\ncontexts:\n- name: c\n  context: {{cluster: k, user: u}}\nclusters:\n- name: k\n  cluster:\n    {cluster}\nusers:\n- name: u\n  {user}\n";

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }

    private static X509Certificate2 Ca(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
    }

    private static X509Certificate2 Leaf(X509Certificate2 ca, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(
            ca, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
