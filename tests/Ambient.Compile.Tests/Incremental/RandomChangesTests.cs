using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Mesh;

namespace Ambient.Compile.Tests.Incremental;

/// <summary>
/// Random additions, changes and removals of objects that bear on each other: after each flush the incremental state, and what a client would
/// have from the deltas, are what a full compilation gives.
/// </summary>
public sealed class RandomChangesTests
{
    private static readonly string[] Namespaces = ["shop", "other", "ambient-system"];
    private static readonly string[] Labels = ["{}", "{ app: a }", "{ app: b }", "{ app: a, tier: t }"];

    private static readonly string Pair = PairOf();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Deltas_OfRandomChanges_AddUpToAFullCompilation(int seed)
    {
        var random = new Random(seed);
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        var objects = new Dictionary<ObjectKey, JsonObject>();
        var client = new Dictionary<string, string>();
        for (int step = 0; step < 80; step++)
        {
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                Change(random, compiler, objects);
            }

            Apply(client, compiler.Flush());
            var full = MeshCompiler.Compile(CompileInput.Of(objects.Values.OrderBy(_ => random.Next())));
            Assert.Equal(GoldenJson.Of(full), GoldenJson.Of(compiler.Result()));
            var expected = new Dictionary<string, string>();
            Put(expected, full.ToUpdate());
            Assert.Equal(expected.OrderBy(e => e.Key), client.OrderBy(e => e.Key));
        }
    }

    private static void Change(Random random, IncrementalCompiler compiler, Dictionary<ObjectKey, JsonObject> objects)
    {
        if (objects.Count > 0 && random.Next(4) == 0)
        {
            var gone = objects.Keys.ElementAt(random.Next(objects.Count));
            objects.Remove(gone);
            compiler.Remove(gone);
            return;
        }

        var next = Mesh.Objects(Any(random)).Single();
        objects[ObjectKey.Of(next)!.Value] = next;
        compiler.Put(next);
    }

    private static string Any(Random random)
    {
        string ns = Pick(random, Namespaces);
        string labels = Pick(random, Labels);
        string name = "n" + random.Next(4);
        string created = $"2026-01-0{random.Next(1, 5)}T00:00:00Z";
        string selector = random.Next(3) == 0 ? "" : $"selector: {{ matchLabels: {labels} }}, ";
        string waypoint = Pick(random, ["", "", "ambient.dev/use-waypoint: n1", "istio.io/use-waypoint: n2", "istio.io/use-waypoint: none"]);
        waypoint += waypoint.Length > 0 && random.Next(2) == 0 ? $", istio.io/use-waypoint-canary: n{random.Next(4)}" : "";
        string weight = $"annotations: {{ {Pick(random, ["", "istio.io/use-waypoint-canary-weight: '5'", "ambient.dev/use-waypoint-canary-weight: all"])} }}";
        string meta = $"metadata: {{ name: {name}, namespace: {ns}, creationTimestamp: \"{created}\", {weight}, labels: {{ app: {Pick(random, ["a", "b"])}, {Pick(random, ["", "tier: t, ", "app2: x, "])}{waypoint} }} }}";
        return random.Next(31) switch
        {
            0 => $"apiVersion: v1\nkind: Namespace\nmetadata: {{ name: {ns}, labels: {{ ambient.dev/mesh: {Pick(random, ["enabled", "disabled"])}, {waypoint} }}, {weight} }}",
            1 or 2 => $"apiVersion: v1\nkind: Pod\n{meta}\nspec: {{ nodeName: n{random.Next(2)}, containers: [{{ name: c, ports: [{{ name: web, containerPort: 8080 }}] }}] }}\n"
                + $"status: {{ phase: {Pick(random, ["Running", "Running", "Succeeded"])}, podIP: 10.0.0.{random.Next(1, 6)} }}",
            3 => $"apiVersion: v1\nkind: Service\n{meta}\nspec: {{ clusterIP: 10.96.0.{random.Next(1, 4)}, {(random.Next(3) == 0 ? "" : $"selector: {labels}, ")}ports: [{{ name: p, port: 80, targetPort: {Pick(random, ["web", "81"])}, protocol: {Pick(random, ["TCP", "TCP", "UDP"])} }}] }}",
            4 => $"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{ name: {name}, namespace: {ns}, labels: {{ kubernetes.io/service-name: n{random.Next(4)} }} }}\n"
                + $"ports: [{{ name: p, port: 9 }}]\nendpoints: [{{ addresses: [10.0.0.{random.Next(1, 8)}] }}, {{ addresses: [10.0.0.9], targetRef: {{ kind: Pod, name: n{random.Next(4)} }} }}]",
            5 => $"apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n{meta}\nspec: {{ {(labels == "{}" ? "" : $"selector: {{ matchLabels: {labels} }}, portLevelMtls: {{ 80: {{ mode: {Mode(random)} }} }}, ")}mtls: {{ mode: {Mode(random)} }} }}",
            6 => $"apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n{meta}\nspec: {{ {selector}action: {Pick(random, ["ALLOW", "DENY", "AUDIT", "CUSTOM, provider: { name: p }"])}, "
                + $"rules: [{{ to: [{{ operation: {{ ports: ['80'] {Pick(random, ["", ", methods: [GET]"])} }} }}] }}] }}",
            7 => $"apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\n{meta}\nspec: {{ address: 10.0.0.{random.Next(1, 8)}, labels: {labels} }}",
            8 => $"apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n{meta}\nspec: {{ hosts: [{Pick(random, ["x.example", "n1.shop.svc.cluster.local"])}], resolution: {Pick(random, ["STATIC", "NONE"])}, ports: [{{ number: 443, name: https, protocol: TLS }}], "
                + (random.Next(2) == 0 ? $"workloadSelector: {{ labels: {labels} }} }}" : $"endpoints: [{{ address: 10.0.0.{random.Next(1, 9)} }}] }}"),
            10 => $"apiVersion: security.istio.io/v1\nkind: RequestAuthentication\n{meta}\nspec: {{ "
                + (random.Next(3) == 0 ? $"targetRefs: [{{ kind: Service, name: n{random.Next(4)} }}], " : selector) + $"jwtRules: [{{ {Pick(random, ["issuer: 'https://a'", "issuer: 'https://b', audiences: [b]"])} }}] }}",
            // Nodes, policies at objects, and policies by two labels: what the indexes are for.
            11 => $"apiVersion: v1\nkind: Node\nmetadata: {{ name: n{random.Next(2)}, labels: {{ topology.kubernetes.io/zone: {Pick(random, ["a", "b"])} }} }}",
            12 => $"apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n{meta}\nspec: {{ "
                + $"targetRefs: [{{ kind: Service, group: \"\", name: n{random.Next(4)} }}], rules: [{{ to: [{{ operation: {{ ports: ['80'] }} }}] }}] }}",
            13 => $"apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n{meta}\nspec: {{ selector: {{ matchLabels: {{ app: {Pick(random, ["a", "b"])}, {Pick(random, ["tier: t", "", "app2: x"])} }} }}, "
                + $"action: {Pick(random, ["ALLOW", "DENY"])}, rules: [{{ to: [{{ operation: {{ ports: ['{random.Next(80, 83)}'] }} }}] }}] }}",
            9 => $"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{ name: {name}, namespace: {ns}, labels: {{ istio.io/waypoint-for: {Pick(random, ["all", "service", "workload", "none"])} }} }}\n"
                + $"spec: {{ gatewayClassName: {Pick(random, ["ambient-waypoint", "mine"])}, listeners: [{{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {{ namespaces: {{ from: {Pick(random, ["All", "Same"])} }} }} }}] }}",
            14 => $"apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {{ name: {Pick(random, ["ambient-waypoint", "mine"])} }}\n"
                + $"spec: {{ controllerName: {Pick(random, ["ambient.dev/gateway-controller", "other.example/c"])} }}",
            15 => $"apiVersion: gateway.networking.k8s.io/v1\nkind: {Pick(random, ["HTTPRoute", "GRPCRoute"])}\n{meta}\nspec: {{ parentRefs: [{{ name: n{random.Next(4)}, namespace: shop{Pick(random, ["", ", kind: ListenerSet"])} }}, {{ group: '', kind: Service, name: n{random.Next(4)} }}], "
                + $"rules: [{{ backendRefs: [{{ name: n{random.Next(4)}, namespace: {Pick(random, Namespaces)}, port: 80 }}] }}] }}",
            16 => $"apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\n{meta}\n"
                + $"spec: {{ from: [{{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: {Pick(random, Namespaces)} }}], to: [{{ group: '', kind: Service }}] }}",
            17 => $"apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n{meta}\nspec: {{ "
                + $"targetRefs: [{Pick(random, ["{ kind: GatewayClass, group: gateway.networking.k8s.io, name: ambient-waypoint }", "{ kind: Gateway, group: gateway.networking.k8s.io, name: n1 }", "{ kind: ServiceEntry, group: networking.istio.io, name: n2 }"])}], "
                + "rules: [{ to: [{ operation: { methods: [GET] } }] }] }",
            18 => $"apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n{meta}\nspec: {{ hosts: [{Pick(random, ["a.example", "b.example", "'*.example'"])}], ports: [{{ number: 80, name: http, protocol: HTTP }}], resolution: {Pick(random, ["DNS", "NONE"])} }}",
            // Gateways of both APIs with what they refer to.
            20 => $"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n{meta}\nspec: {{ gatewayClassName: {Pick(random, ["ambient", "mine"])}, {Pick(random, ["", "allowedListeners: { namespaces: { from: All } }, ", "allowedListeners: { namespaces: { from: Selector, selector: { matchLabels: { ambient.dev/mesh: enabled } } } }, "])}infrastructure: {{ labels: {labels} }}, {(random.Next(3) == 0 ? $"tls: {{ backend: {{ clientCertificateRef: {{ name: n{random.Next(3)} }} }} }}, " : "")}listeners: ["
                + $"{{ name: http, port: 80, protocol: HTTP, hostname: {Pick(random, ["a.example", "'*.example'"])}, allowedRoutes: {{ namespaces: {{ from: All }} }} }}, "
                + $"{{ name: udp, port: 80, protocol: UDP }}, {{ name: https, port: 443, protocol: HTTPS, tls: {{ certificateRefs: [{{ name: n{random.Next(3)}, namespace: {Pick(random, Namespaces)} }}] }} }}] }}",
            21 => $"apiVersion: v1\nkind: Secret\nmetadata: {{ name: n{random.Next(3)}, namespace: {ns} }}\nstringData: {{ {Pick(random, ["", Pair])} }}",
            22 => $"apiVersion: networking.istio.io/v1\nkind: Gateway\n{meta}\nspec: {{ selector: {Pick(random, Labels)}, servers: [{{ port: {{ number: {Pick(random, ["80", "443"])}, name: p, protocol: {Pick(random, ["HTTP", "TCP"])} }}, hosts: ['*'] }}, "
                + $"{{ port: {{ number: 8443, name: s, protocol: HTTPS }}, hosts: [a.example], tls: {{ mode: SIMPLE, credentialName: n{random.Next(3)} }} }}] }}",
            23 => $"apiVersion: networking.istio.io/v1\nkind: VirtualService\n{meta}\nspec: {{ hosts: [{Pick(random, ["a.example", "n1"])}], gateways: [n{random.Next(4)}, {Pick(random, ["mesh", "shop/n1"])}], http: [{{ route: [{{ destination: {{ host: n{random.Next(4)} }} }}] }}] }}",
            24 => $"apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\n{meta}\nspec: {{ targetRefs: [{{ group: '', kind: Service, name: n{random.Next(4)} }}], validation: {{ hostname: a.example, "
                + $"{Pick(random, ["wellKnownCACertificates: System", $"caCertificateRefs: [{{ group: '', kind: Secret, name: n{random.Next(3)} }}]"])} }} }}",
            25 => $"apiVersion: gateway.networking.k8s.io/v1\nkind: {Pick(random, ["TLSRoute", "TCPRoute", "UDPRoute"])}\n{meta}\nspec: {{ parentRefs: [{{ name: n{random.Next(4)} }}, {{ group: '', kind: Service, name: n{random.Next(4)} }}], "
                + $"rules: [{{ backendRefs: [{{ name: n{random.Next(4)}, port: 80 }}] }}] }}",
            26 => $"apiVersion: ambient.dev/v1alpha1\nkind: RateLimitPolicy\n{meta}\nspec: {{ targetRefs: [{{ kind: Service, name: n{random.Next(4)} }}, {Pick(random, ["{ kind: HTTPRoute, group: gateway.networking.k8s.io, name: n1 }", "{ kind: Gateway, group: gateway.networking.k8s.io, name: n1 }", "{ kind: ServiceEntry, group: networking.istio.io, name: n2 }"])}], "
                + $"limits: [{{ requests: {random.Next(1, 4)}, interval: 1s }}] }}",
            28 or 29 => $"apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\n{meta}\nspec: {{ parentRef: {{ name: n{random.Next(4)}, namespace: {Pick(random, Namespaces)} }}, listeners: ["
                + $"{{ name: http, port: {Pick(random, ["80", "81"])}, protocol: HTTP, hostname: {Pick(random, ["a.example", "b.example"])}, allowedRoutes: {{ namespaces: {{ from: All }} }} }}, "
                + $"{{ name: https, port: 443, protocol: HTTPS, hostname: b.example, tls: {{ certificateRefs: [{{ name: n{random.Next(3)}, namespace: {Pick(random, Namespaces)} }}] }} }}] }}",
            27 => $"apiVersion: ambient.dev/v1alpha1\nkind: BackendPolicy\n{meta}\nspec: {{ targetRefs: [{{ kind: Service, name: n{random.Next(4)} }}], balancer: {Pick(random, ["RANDOM", "MAGLEV"])} }}",
            30 => $"apiVersion: networking.istio.io/v1\nkind: DestinationRule\n{meta}\nspec: {{ host: {Pick(random, ["n1", "a.example", "'*.example'", "n2"])}, {Pick(random, ["", "exportTo: ['.'], ", "exportTo: [shop], "])}"
                + $"trafficPolicy: {{ tls: {{ mode: {Pick(random, ["MUTUAL", "SIMPLE"])}, {Pick(random, ["", $"credentialName: n{random.Next(3)}"])} }} }} }}",
            _ => $"apiVersion: ambient.dev/v1alpha1\nkind: Mesh\nmetadata: {{ name: {Pick(random, ["default", "second"])} }}\nspec: {{ trustDomain: {Pick(random, ["cluster.local", "td.example"])}, clusterDomain: {Pick(random, ["cluster.local", "local.example"])}, trustDomainAliases: [old.example] }}",
        };
    }

    private static string PairOf()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=a.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        string chain = certificate.ExportCertificatePem().Replace("\n", "\\n", StringComparison.Ordinal);
        return $"tls.crt: \"{chain}\", tls.key: \"{key.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal)}\", ca.crt: \"{chain}\"";
    }

    private static string Mode(Random random) => Pick(random, ["STRICT", "PERMISSIVE", "UNSET", "DISABLE"]);

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private static void Apply(Dictionary<string, string> client, CompileDelta delta)
    {
        Put(client, delta.Update);
        foreach (string key in delta.Update.RemovedWorkloads.Select(k => "w " + k).Concat(delta.Update.RemovedServices.Select(k => "s " + k))
            .Concat(delta.Update.RemovedPolicies.Select(k => "p " + k)).Concat(delta.Update.RemovedEnrolments.Select(k => "e " + k))
            .Concat(delta.Update.RemovedResources.Select(k => "r " + k)))
        {
            Assert.True(client.Remove(key), $"{key} was removed but not there");
        }
    }

    private static void Put(Dictionary<string, string> client, MeshUpdate update)
    {
        Array.ForEach([.. update.Workloads], w => client["w " + w.Uid] = GoldenJson.Of(w) + GoldenJson.Of(w.Labels));
        Array.ForEach([.. update.Services], s => client["s " + s.Key] = GoldenJson.Of(s));
        Array.ForEach([.. update.Policies], p => client["p " + p.Key] = GoldenJson.Of(p));
        Array.ForEach([.. update.Enrolments], e => client["e " + e.PodUid] = GoldenJson.Of(e));
        foreach (ProxyResource resource in update.Resources)
        {
            client["r " + resource.ResourceName] = GoldenJson.Of<object>(resource);
        }

        if (update.Settings is { } settings)
        {
            client["settings"] = GoldenJson.Of(settings);
        }
    }
}
