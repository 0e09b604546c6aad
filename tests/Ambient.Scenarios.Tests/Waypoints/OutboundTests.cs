using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>
/// What leaves the mesh for a TLS server outside of it: by the waypoint that begins TLS (by name, by address, by wildcard, as bytes), with a client
/// certificate. The server counts what reaches it.
/// </summary>
[Collection(DefaultNamespace.Name)]
public sealed class OutboundTests(MeshFixture mesh, OrdersFixture orders) : OrdersScenario(mesh), IClassFixture<OrdersFixture>
{
    private const string Istio = "networking.istio.io";

    [Fact]
    public async Task Static_WithTlsOfADestinationRule_LetsOutWhomThePolicyOfTheServiceEntryAllows()
    {
        Assert.NotNull(orders);
        await using OutsideServer server = await OutsideServer.StartAsync(Lab, "static.example", 8443);
        await SecretAsync("static-authority", ("ca.crt", server.AuthorityPem));
        await EntryAsync("static", "hosts: [static.example], resolution: STATIC, endpoints: [{ address: 172.30.0.1 }], ports: [{ number: 80, targetPort: 8443, name: http, protocol: HTTP }]");
        await RuleAsync("static", "static.example", "{ mode: SIMPLE, credentialName: static-authority }");
        await BecomesAsync("browser", l => l.Status(200) == 60, "the server outside answers", "http://static.example/");

        string head = await HeadAsync("browser", "http://static.example/");
        Assert.Contains($"x-server-name: static.example", head, StringComparison.Ordinal);
        Assert.Contains(await WaypointAddressAsync(), head, StringComparison.Ordinal);

        await ApplyAsync("""
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: outbound, namespace: default }
            spec:
              targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: static }]
              action: ALLOW
              rules: [{ from: [{ source: { principals: [cluster.local/ns/default/sa/payment-service] } }], to: [{ operation: { methods: [GET], paths: ["/pay*"] } }] }]
            """);
        Afterwards(() => DeleteAsync("security.istio.io", "AuthorizationPolicy", OrdersFixture.Namespace, "outbound"));
        await BecomesAsync("browser", l => l.Status(403) == 60, "the policy is in force", "http://static.example/pay");
        int served = server.Served;

        ShopLoad allowed = await LoadAsync("payment", 100, "http://static.example/pay");
        ShopLoad posted = await LoadAsync("payment", 100, "http://static.example/pay", "--method", "POST");
        ShopLoad other = await LoadAsync("browser", 100, "http://static.example/pay");

        Assert.Equal((100, 100, 100), (allowed.Status(200), posted.Status(403), other.Status(403)));
        Assert.Equal((served + 100, 0), (server.Served, server.Clear));
    }

    [Fact]
    public async Task Dns_WhoseServerIsNotWhoItHasToBe_Gets503AndNothingInTheClear_UntilItIs()
    {
        await using OutsideServer server = await OutsideServer.StartAsync(Lab, "dns.example", 8444);
        Lab.NameOutside(new Dictionary<string, IPAddress> { ["dns.example"] = OutsideServer.Address });
        await EntryAsync("dns", "hosts: [dns.example], resolution: DNS, ports: [{ number: 80, targetPort: 8444, name: http, protocol: HTTP }]");
        await RuleAsync("dns", "dns.example", "{ mode: SIMPLE }");
        await BecomesAsync("browser", l => l.Status(503) == 60, "a server that the machine's authorities did not sign for is not asked", "http://dns.example/");
        Assert.Equal(0, server.Served);

        await RuleAsync("dns", "dns.example", "{ mode: SIMPLE, credentialName: dns-authority }");
        await Until.Async(
            () => Lab.Admin.Resource(new GroupKind(Istio, "DestinationRule")).GetAsync(OrdersFixture.Namespace, "dns", Stop),
            static r => r["status"]?.ToJsonString().Contains("there is no Secret default/dns-authority", StringComparison.Ordinal) == true, "the rule's status says what is missing");
        Assert.Equal(20, (await LoadAsync("browser", 20, "http://dns.example/")).Status(503));

        await SecretAsync("dns-authority", ("ca.crt", server.AuthorityPem));
        await BecomesAsync("browser", l => l.Status(200) == 60, "with its authority it is", "http://dns.example/");
        Assert.Equal(0, server.Clear);
    }

    [Fact]
    public async Task DynamicDns_OfAWildcard_AsksForTheHostThatTheRequestNames()
    {
        await using OutsideServer server = await OutsideServer.StartAsync(Lab, "*.wild.example", 8445);
        Lab.NameOutside(new Dictionary<string, IPAddress> { ["a.wild.example"] = OutsideServer.Address, ["b.wild.example"] = OutsideServer.Address });
        await SecretAsync("wild-authority", ("ca.crt", server.AuthorityPem));
        await EntryAsync("wild", "hosts: ['*.wild.example'], resolution: DYNAMIC_DNS, ports: [{ number: 80, targetPort: 8445, name: http, protocol: HTTP }]");
        await RuleAsync("wild", "'*.wild.example'", "{ mode: SIMPLE, credentialName: wild-authority }");

        foreach (string host in (string[])["a.wild.example", "b.wild.example"])
        {
            await Until.Async(() => HeadAsync("browser", $"http://{host}/"), static h => h.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), $"{host} answers");
            Assert.Equal(60, (await LoadAsync("browser", 60, $"http://{host}/")).Status(200));
            string head = await HeadAsync("browser", $"http://{host}/");
            Assert.Contains($"x-server-name: {host}", head, StringComparison.Ordinal);
            Assert.Contains(await WaypointAddressAsync(), head, StringComparison.Ordinal);
        }

        // A name that leads nowhere.
        Assert.Equal(10, (await LoadAsync("browser", 10, "http://nobody.wild.example/")).Status(503));
        Assert.Equal(0, server.Clear);
    }

    [Fact]
    public async Task Mutual_ShowsTheSecretOfTheWaypointsNamespace_ForRequestsAndForBytes()
    {
        using X509Certificate2 authority = Certificate("CN=clients.example", null);
        using X509Certificate2 client = Certificate("CN=waypoint.example", authority);
        await using OutsideServer server = await OutsideServer.StartAsync(Lab, "bank.example", 8446, authority);
        await EntryAsync(
            "bank", "hosts: [bank.example], resolution: STATIC, endpoints: [{ address: 172.30.0.1 }], ports: [{ number: 80, targetPort: 8446, name: http, protocol: HTTP }, { number: 7000, targetPort: 8446, name: tcp, protocol: TCP }]");
        await RuleAsync("bank", "bank.example", "{ mode: MUTUAL, credentialName: bank-client }");
        await BecomesAsync("browser", l => l.Status(503) == 60, "without the Secret nothing is sent", "http://bank.example/");
        Assert.Equal((0, 0), (server.Served, server.Clear));
        await Until.Async(
            () => Lab.Admin.Resource(new GroupKind(Istio, "DestinationRule")).GetAsync(OrdersFixture.Namespace, "bank", Stop),
            static r => r["status"]?.ToJsonString().Contains("there is no Secret default/bank-client", StringComparison.Ordinal) == true, "the rule's status says what is missing");

        await SecretAsync("bank-client", ("tls.crt", client.ExportCertificatePem()), ("tls.key", client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()), ("ca.crt", server.AuthorityPem));
        await BecomesAsync("browser", l => l.Status(200) == 60, "with it the server answers", "http://bank.example/");
        Assert.Contains("x-client: CN=waypoint.example", await HeadAsync("browser", "http://bank.example/"), StringComparison.Ordinal);
        Assert.Contains("x-client: CN=waypoint.example", await HeadAsync("browser", "http://bank.example:7000/"), StringComparison.Ordinal);

        int served = server.Served;
        ShopLoad requests = await LoadAsync("browser", 100, "http://bank.example/");
        ShopLoad connections = await LoadAsync("browser", 100, "http://bank.example:7000/");
        Assert.Equal((100, 100), (requests.Status(200), connections.Status(200)));
        Assert.Equal((served + 200, 0), (server.Served, server.Clear));
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
        {
            return request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(2));
        }

        using X509Certificate2 signed = request.Create(issuer, now.AddMinutes(-5), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Outside of the mesh, in the namespace default and so behind its waypoint; taken away after the test.</summary>
    private async Task EntryAsync(string name, string spec)
    {
        await ApplyAsync($$"""
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: {{name}}, namespace: default }
            spec: { location: MESH_EXTERNAL, {{spec}} }
            """);
        Afterwards(() => DeleteAsync(Istio, "ServiceEntry", OrdersFixture.Namespace, name));
    }

    private readonly HashSet<string> _rules = [];

    private async Task RuleAsync(string name, string host, string tls)
    {
        await ApplyAsync($$"""
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: {{name}}, namespace: default }
            spec: { host: {{host}}, trafficPolicy: { tls: {{tls}} } }
            """);
        if (_rules.Add(name))
        {
            Afterwards(() => DeleteAsync(Istio, "DestinationRule", OrdersFixture.Namespace, name));
        }
    }

    private async Task SecretAsync(string name, params (string Key, string Text)[] data)
    {
        await ApplyAsync(Secret(OrdersFixture.Namespace, name, data));
        Afterwards(() => DeleteAsync("", "Secret", OrdersFixture.Namespace, name));
    }

    private static string Secret(string ns, string name, params (string Key, string Text)[] data) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: {{name}}, namespace: {{ns}} }
        data: { {{string.Join(", ", data.Select(d => $"{d.Key}: {Convert.ToBase64String(Encoding.ASCII.GetBytes(d.Text))}"))}} }
        """;

    /// <summary>Answer with its headers.</summary>
    private async Task<string> HeadAsync(string from, string url) =>
        (await Lab.ExecInPodAsync(OrdersFixture.Namespace, from, ["curl", "-s", "-i", "-m", "10", url], null, Stop)).Output;

    private async Task<string> WaypointAddressAsync()
    {
        var pods = await Lab.Admin.Resource(new GroupKind("", "Pod")).ListAsync(
            OrdersFixture.Namespace, new ListOptions { LabelSelector = "gateway.networking.k8s.io/gateway-name=waypoint" }, Stop);
        return (string)pods.Items.Single(static p => p["metadata"]?["deletionTimestamp"] is null)["status"]!["podIP"]!;
    }
}
