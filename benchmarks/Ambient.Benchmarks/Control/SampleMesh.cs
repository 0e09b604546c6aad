using System.Globalization;
using System.Text.Json.Nodes;

namespace Ambient.Benchmarks.Control;

/// <summary>
/// Objects of a mesh of a given size: namespaces of 1,000 pods in deployments of 20, each deployment with its Service, each pod also with a
/// label value of its own (as a StatefulSet's pods have), policies spread over the deployments of all namespaces.
/// </summary>
internal static class SampleMesh
{
    public const int PodsOfNamespace = 1_000;
    public const int PodsOfDeployment = 20;

    public static string NamespaceOf(int pod) => $"ns-{pod / PodsOfNamespace}";

    public static string AddressOf(int pod) => string.Create(CultureInfo.InvariantCulture, $"10.{1 + (pod / 65536)}.{pod / 256 % 256}.{pod % 256}");

    public static JsonObject Namespace(int number, bool enrolled = true, string name = "ns") => Parse($$$"""
        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}-{{{number}}}","labels":{{{(enrolled ? """{"ambient.dev/mesh":"enabled"}""" : "{}")}}}}}
        """);

    public static JsonObject Node(int number, string zone) => Parse($$$"""
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-{{{number}}}","labels":{"topology.kubernetes.io/zone":"{{{zone}}}"} } }
        """);

    public static JsonObject Pod(int i, string version = "v1") => Parse($$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"app-{{{i / PodsOfDeployment}}}-{{{i}}}","namespace":"{{{NamespaceOf(i)}}}","uid":"5b0e1c1e-0000-4000-8000-{{{i:x12}}}",
         "creationTimestamp":"2026-11-20T10:00:00Z","labels":{"app":"app-{{{i / PodsOfDeployment}}}","part-of":"shop","version":"{{{version}}}","own":"pod-{{{i}}}","pod-template-hash":"7d9f8b6c5"},
         "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"app-{{{i / PodsOfDeployment}}}-7d9f8b6c5","uid":"aa0e1c1e-0000-4000-8000-000000000001","controller":true}]},
         "spec":{"containers":[{"name":"app","image":"registry.example/shop/app:1.4.2","ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}]}],"serviceAccountName":"app","nodeName":"node-{{{i % 100}}}"},
         "status":{"phase":"Running","podIP":"{{{AddressOf(i)}}}","podIPs":[{"ip":"{{{AddressOf(i)}}}"}],"conditions":[{"type":"Ready","status":"True"}]}}
        """);

    public static JsonObject Service(int deployment) => Parse($$$"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"app-{{{deployment}}}","namespace":"{{{NamespaceOf(deployment * PodsOfDeployment)}}}"},
         "spec":{"clusterIP":"10.96.{{{10 + (deployment / 250)}}}.{{{deployment % 250}}}","clusterIPs":["10.96.{{{10 + (deployment / 250)}}}.{{{deployment % 250}}}"],"selector":{"app":"app-{{{deployment}}}"},"ports":[{"name":"http","port":80,"protocol":"TCP","targetPort":"http"}]}}
        """);

    /// <summary>A slice of 100 endpoints beside the Service of a deployment, or managed by hand for one without selector.</summary>
    public static JsonObject Slice(string name, string service, int endpoints, bool pods) => Parse($$$"""
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"{{{name}}}","namespace":"ns-0","labels":{"kubernetes.io/service-name":"{{{service}}}"}},
         "addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],
         "endpoints":[{{{string.Join(',', Enumerable.Range(0, endpoints).Select(e => Endpoint(e, pods)))}}}]}
        """);

    /// <summary>Null labels: for the whole namespace.</summary>
    public static JsonObject Policy(string name, string ns, string? label, string? value, int port = 8080) => Parse($$$"""
        {"apiVersion":"security.istio.io/v1","kind":"AuthorizationPolicy","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","generation":1,"creationTimestamp":"2026-11-20T10:00:00Z"},
         "spec":{ {{{(label is null ? "" : $$"""  "selector":{"matchLabels":{"{{label}}":"{{value}}"} }, """)}}} "action":"ALLOW",
         "rules":[{"from":[{"source":{"principals":["cluster.local/ns/{{{ns}}}/sa/app"]}}],"to":[{"operation":{"ports":["{{{port}}}"]}}]}]}}
        """);

    /// <summary>The i-th of the policies that are there from the start: one for each deployment in turn.</summary>
    public static JsonObject StandingPolicy(int i, int pods)
    {
        int deployment = i % (pods / PodsOfDeployment);
        return Policy($"standing-{i}", NamespaceOf(deployment * PodsOfDeployment), "app", $"app-{deployment}", 8000 + (i % 1000));
    }

    private static string Endpoint(int e, bool pods) => pods
        ? $$$"""{"addresses":["{{{AddressOf(e)}}}"],"nodeName":"node-1","targetRef":{"kind":"Pod","namespace":"ns-0","name":"app-{{{e / PodsOfDeployment}}}-{{{e}}}"}}"""
        : $$$"""{"addresses":["192.0.2.{{{e % 250}}}"],"nodeName":"node-1"}""";

    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(text)!;
}
