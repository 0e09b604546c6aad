using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Gateways;

/// <summary>
/// A client outside the mesh, by curl and openssl on a node, through a gateway to a pod of the mesh: the operator makes the gateway from a Gateway
/// and sends it routes and the certificate of a Secret.
/// </summary>
public sealed class IngressTests(MeshFixture mesh) : Scenario(mesh)
{
    private const string Host = "shop.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Https_FromOutside_ReachesThePodAsTheGateway_AndAReplacedSecretFailsNoRequest()
    {
        string edge = await NamespaceAsync("edge", enrolled: false);
        string shop = await NamespaceAsync("shop");
        await PeerAuthenticationAsync(shop, "STRICT");
        MeshPod[] pods = await StartAsync(new PodPlan(shop, "web") { IsEcho = true, HasService = true }, new PodPlan(shop, "inside") { Node = "node-2" });
        MeshPod inside = pods[1];
        await PolicyAsync(shop, "only-the-gateway", "ALLOW", "web", $"[{{ from: [{{ source: {{ principals: [cluster.local/ns/{edge}/sa/public] }} }}] }}]");
        string first = await SecretAsync(edge);
        await ApplyAsync($$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: public, namespace: {{edge}}, annotations: { ambient.dev/service-type: ClusterIP } }
            spec:
              gatewayClassName: ambient
              listeners:
                - { name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }
                - { name: https, port: 443, protocol: HTTPS, hostname: {{Host}}, tls: { certificateRefs: [{ name: cert }] }, allowedRoutes: { namespaces: { from: All } } }
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: web, namespace: {{shop}} }
            spec:
              parentRefs: [{ name: public, namespace: {{edge}}, sectionName: https }]
              hostnames: [{{Host}}]
              rules: [{ matches: [{ path: { value: /shop } }], filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }], backendRefs: [{ name: web, port: 80 }] }]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: redirect, namespace: {{shop}} }
            spec: { parentRefs: [{ name: public, namespace: {{edge}}, sectionName: http }], rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, statusCode: 301 } }] }] }
            """);
        await Lab.WaitReadyAsync(edge, "gateway.networking.k8s.io/gateway-name=public", 1, Patience, Stop);
        IPAddress gateway = await GatewayAsync(edge);
        await Until.Async(() => Lab.Admin.Resource(new GroupKind("gateway.networking.k8s.io", "Gateway")).GetAsync(edge, "public", Stop), IsProgrammed, "the Gateway is programmed");

        Reply reply = await Until.Async(() => CurlAsync(gateway, $"https://{Host}/shop/cart?a=1"), r => r.Ok, "the request reaches the pod");
        Assert.Equal("web", reply.Echoed("pod"));
        Assert.Equal(404, (await CurlAsync(gateway, $"https://{Host}/elsewhere")).Status);
        Assert.Equal(301, (await CurlAsync(gateway, $"http://{Host}/shop")).Status);
        Assert.Equal(first, await SerialAsync(gateway));

        // A pod of the mesh comes by HBONE, to the same listener.
        Assert.Equal(301, (await inside.CurlAsync($"http://{gateway}/shop", "-H", $"Host: {Host}")).Status);
        await Ztunnels.LoggedAsync(e => e.IsOutbound && e.IsFrom(inside) && e["dst.hbone_addr"] == $"{gateway}:15008", "the tunnel to the gateway");
        Assert.NotEqual(0, (await CurlAsync(gateway, "https://other.example/")).ExitCode);

        using var enough = new CancellationTokenSource();
        Task<(int Answered, string? Failed)> load = LoadAsync(gateway, enough.Token);
        string second = await SecretAsync(edge);
        await Until.Async(() => SerialAsync(gateway), s => s == second, "the new certificate is shown");
        await enough.CancelAsync();
        (int answered, string? failed) = await load;

        Assert.Null(failed);
        Assert.True(answered > 0, "requests were under way");
        Assert.NotEqual(first, second);
    }

    /// <summary>A team adds a port and a host to a shared gateway that runs, and takes them away again.</summary>
    [Fact]
    public async Task ListenerSet_AddedAndRemovedAtRunTime_OpensAndClosesItsPort()
    {
        string edge = await NamespaceAsync("edge", enrolled: false);
        string team = await NamespaceAsync("team");
        await StartAsync(new PodPlan(team, "web") { IsEcho = true, HasService = true });
        await ApplyAsync($$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: public, namespace: {{edge}}, annotations: { ambient.dev/service-type: ClusterIP } }
            spec:
              gatewayClassName: ambient
              allowedListeners: { namespaces: { from: Selector, selector: { matchLabels: { kubernetes.io/metadata.name: {{team}} } } } }
              listeners: [{ name: http, port: 80, protocol: HTTP, hostname: own.example, allowedRoutes: { namespaces: { from: All } } }]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: web, namespace: {{team}} }
            spec: { parentRefs: [{ kind: ListenerSet, name: more }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
            """);
        await Lab.WaitReadyAsync(edge, "gateway.networking.k8s.io/gateway-name=public", 1, Patience, Stop);
        IPAddress gateway = await GatewayAsync(edge);
        Assert.Equal(404, (await Until.Async(() => CurlAsync(gateway, $"http://{Host}/"), r => r.ExitCode == 0, "the gateway answers")).Status);
        Assert.NotEqual(0, (await CurlAsync(gateway, $"http://{Host}:8081/")).ExitCode);

        await LabelAsync(team, "kubernetes.io/metadata.name", team);
        await ApplyAsync($$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: ListenerSet
            metadata: { name: more, namespace: {{team}} }
            spec:
              parentRef: { name: public, namespace: {{edge}} }
              listeners:
                - { name: shop, port: 80, protocol: HTTP, hostname: {{Host}} }
                - { name: other, port: 8081, protocol: HTTP }
                - { name: taken, port: 80, protocol: HTTP, hostname: own.example }
            """);
        Reply reply = await Until.Async(() => CurlAsync(gateway, $"http://{Host}/a"), r => r.Ok, "the host of the set is served");
        Assert.Equal("web", reply.Echoed("pod"));
        reply = await Until.Async(() => CurlAsync(gateway, "http://any.example:8081/b"), r => r.Ok, "the port of the set is served");
        Assert.Equal("web", reply.Echoed("pod"));
        Assert.Equal(404, (await CurlAsync(gateway, "http://own.example/")).Status);
        JsonObject set = await Until.Async(() => SetAsync(team), IsProgrammed, "the ListenerSet is programmed");
        Assert.Equal("ListenersNotValid", (string?)set["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "Accepted")!["reason"]);
        // Routes count where they attach, whether their listener is served or not.
        Assert.Equal([1, 1, 1], set["status"]!["listeners"]!.AsArray().Select(l => (int)l!["attachedRoutes"]!));
        await Until.Async(() => ServicePortsAsync(edge), p => p.Contains(8081), "the Service has the port");
        await Until.Async(() => Lab.Admin.Resource(new GroupKind("gateway.networking.k8s.io", "Gateway")).GetAsync(edge, "public", Stop), g => (int?)g["status"]?["attachedListenerSets"] == 1, "the Gateway counts the set");

        await DeleteAsync("gateway.networking.k8s.io", "ListenerSet", team, "more");
        await Until.Async(() => CurlAsync(gateway, "http://any.example:8081/"), r => r.ExitCode != 0, "the port is closed");
        await Until.Async(() => CurlAsync(gateway, $"http://{Host}/"), r => r.Status == 404, "the host is nobody's");
        await Until.Async(() => ServicePortsAsync(edge), p => !p.Contains(8081), "the Service lost the port");
    }

    /// <summary>Datagrams of a node, by socat, through a gateway to a pod that says them again.</summary>
    [Fact]
    public async Task Udp_FromOutside_ReachesThePodAndComesBack()
    {
        string edge = await NamespaceAsync("edge", enrolled: false);
        string net = await NamespaceAsync("net");
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: again, namespace: {{net}}, labels: { app: again } }
            spec: { nodeName: node-1, terminationGracePeriodSeconds: 1, containers: [{ name: main, image: debian, command: [socat, "UDP4-LISTEN:7053,fork", PIPE] }] }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: again, namespace: {{net}} }
            spec: { selector: { app: again }, ports: [{ port: 53, protocol: UDP, targetPort: 7053 }] }
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: public, namespace: {{edge}}, annotations: { ambient.dev/service-type: ClusterIP } }
            spec: { gatewayClassName: ambient, listeners: [{ name: udp, port: 53, protocol: UDP, allowedRoutes: { namespaces: { from: All } } }] }
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: UDPRoute
            metadata: { name: again, namespace: {{net}} }
            spec: { parentRefs: [{ name: public, namespace: {{edge}} }], rules: [{ backendRefs: [{ name: again, port: 53 }] }] }
            """);
        await Lab.WaitReadyAsync(edge, "gateway.networking.k8s.io/gateway-name=public", 1, Patience, Stop);
        IPAddress gateway = await GatewayAsync(edge);

        ExecResult answer = await Until.Async(
            () => LabCluster.ExecInNetnsAsync(Lab.Nodes[1].NetnsPath, ["bash", "-c", $"echo -n hello | socat -t2 - UDP4:{gateway}:53"]), static r => r.Output == "hello", "the datagram comes back");
        Assert.Equal("hello", answer.Output);
        Assert.Equal("UDP", (string?)(await Lab.Admin.Resource(new GroupKind("", "Service")).GetAsync(edge, "public-ambient", Stop))["spec"]!["ports"]!.AsArray().Single(p => (int)p!["port"]! == 53)!["protocol"]);
        await Until.Async(
            () => Lab.Admin.Resource(new GroupKind("gateway.networking.k8s.io", "UDPRoute")).GetAsync(net, "again", Stop),
            static r => r["status"]?["parents"]?[0]?["conditions"]?.AsArray().Count(c => (string?)c!["status"] == "True") == 3, "the route is accepted, resolved and programmed");
    }

    private Task<JsonObject> SetAsync(string ns) => Lab.Admin.Resource(new GroupKind("gateway.networking.k8s.io", "ListenerSet")).GetAsync(ns, "more", Stop);

    private async Task<int[]> ServicePortsAsync(string ns) =>
        [.. (await Lab.Admin.Resource(new GroupKind("", "Service")).GetAsync(ns, "public-ambient", Stop))["spec"]!["ports"]!.AsArray().Select(p => (int)p!["port"]!)];

    private async Task<(int Answered, string? Failed)> LoadAsync(IPAddress gateway, CancellationToken enough)
    {
        int answered = 0;
        while (!enough.IsCancellationRequested || answered == 0)
        {
            Reply reply = await CurlAsync(gateway, $"https://{Host}/shop/load");
            if (!reply.Ok)
            {
                return (answered, reply.ToString());
            }

            answered++;
        }

        return (answered, null);
    }

    /// <summary>From a node's own network: nobody of the mesh.</summary>
    private async Task<Reply> CurlAsync(IPAddress gateway, string url)
    {
        var uri = new Uri(url);
        ExecResult result = await LabCluster.ExecInNetnsAsync(
            Lab.Nodes[1].NetnsPath, ["curl", "-s", "-S", "-k", "-m", "10", "-w", "\n%{http_code}", "--resolve", $"{uri.Host}:{uri.Port}:{gateway}", url]);
        int at = result.Output.LastIndexOf('\n');
        return new Reply(result.ExitCode, int.TryParse(result.Output.AsSpan(at + 1), CultureInfo.InvariantCulture, out int status) ? status : 0, at < 0 ? "" : result.Output[..at], result.Error);
    }

    private async Task<string> SerialAsync(IPAddress gateway)
    {
        ExecResult result = await LabCluster.ExecInNetnsAsync(
            Lab.Nodes[1].NetnsPath, ["bash", "-c", $"openssl s_client -connect {gateway}:443 -servername {Host} </dev/null 2>/dev/null | openssl x509 -noout -serial"]);
        return result.Output.Trim().Replace("serial=", "", StringComparison.Ordinal).TrimStart('0');
    }

    private async Task<IPAddress> GatewayAsync(string ns)
    {
        var pods = await Lab.Admin.Resource(new GroupKind("", "Pod")).ListAsync(ns, new ListOptions { LabelSelector = "gateway.networking.k8s.io/gateway-name=public" }, Stop);
        return IPAddress.Parse((string)pods.Items[0]["status"]!["podIP"]!);
    }

    private static bool IsProgrammed(JsonObject gateway) => (gateway["status"]?["conditions"] as JsonArray)?.Any(
        c => (string?)c?["type"] == "Programmed" && (string?)c["status"] == "True") == true;

    /// <summary>Serial number in capitals, as openssl writes it.</summary>
    private async Task<string> SecretAsync(string ns)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        string Coded(string text) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(text));
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: { name: cert, namespace: {{ns}} }
            type: kubernetes.io/tls
            data: { tls.crt: {{Coded(certificate.ExportCertificatePem())}}, tls.key: {{Coded(key.ExportPkcs8PrivateKeyPem())}} }
            """);
        return certificate.SerialNumber.TrimStart('0');
    }
}
