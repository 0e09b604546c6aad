using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Core.Gateways;
using Ambient.Kube.Resources;
using Ambient.Operator.Tests.Support;

namespace Ambient.Operator.Tests;

/// <summary>Secrets that Gateways name reach the gateway's own pods, as they are at the moment, and nobody else.</summary>
public sealed class GatewayCertificatesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secret_ThatAGatewayNames_ReachesThatGatewayAlone()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("edge");
        Pod own = await world.PodAsync("edge", "web-1", "web", "node-1", "10.244.1.8");
        Pod other = await world.PodAsync("edge", "other-1", "other", "node-1", "10.244.1.9");
        string first = await SecretAsync(world, "cert");
        await SecretAsync(world, "unnamed");
        await world.ApplyAsync(Gateway("cert"));
        RunningOperator op = await world.OperatorAsync();
        await using Proxy web = await Proxy.StartAsync(world, op, own, waypoint: true);
        await using Proxy stranger = await Proxy.StartAsync(world, op, other, waypoint: true);

        // The first configuration has the certificate already: it was read before anything was told.
        await Eventually.True(() => Certificates(web).Any(c => c.Chain == first));
        Assert.All(web.Seen(u => u.Resources.OfType<GatewayConfig>()).Where(c => c.Name.Name == "web"), c => Assert.Null(Assert.Single(c.Listeners).Invalid));

        string second = await SecretAsync(world, "cert");
        await Eventually.True(() => Certificates(web).Any(c => c.Chain == second));

        await world.ApplyAsync(Gateway("later"));
        await Eventually.True(() => web.Seen(u => u.RemovedResources).Any(r => r.Type == nameof(GatewayCertificate)));
        string third = await SecretAsync(world, "later");
        await Eventually.True(() => Certificates(web).Any(c => c.Chain == third));

        Assert.DoesNotContain(Certificates(web), c => c.Secret.Name == "unnamed");
        Assert.Empty(Certificates(stranger));
        (_, string snapshot) = await op.GetAsync("/debug/snapshot");
        Assert.DoesNotContain("PRIVATE KEY", snapshot, StringComparison.Ordinal);
    }

    private static IReadOnlyList<GatewayCertificate> Certificates(Proxy proxy) => proxy.Seen(u => u.Resources.OfType<GatewayCertificate>());

    private static JsonObject Gateway(string secret) => (JsonObject)JsonNode.Parse($$$"""
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"Gateway","metadata":{"name":"web","namespace":"edge"},
         "spec":{"gatewayClassName":"ambient","listeners":[{"name":"https","port":443,"protocol":"HTTPS","tls":{"certificateRefs":[{"name":"{{{secret}}}"}]}}]}}
        """)!;

    private static async Task<string> SecretAsync(World world, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = new CertificateRequest("CN=web.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        string chain = certificate.ExportCertificatePem() + "\n";
        string Coded(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
        await world.ApplyAsync($$$"""
            {"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/tls","metadata":{"name":"{{{name}}}","namespace":"edge"},
             "data":{"tls.crt":"{{{Coded(chain)}}}","tls.key":"{{{Coded(key.ExportPkcs8PrivateKeyPem())}}}","other":"{{{Coded("not for gateways")}}}"}}
            """);
        return chain;
    }
}
