using System.Text;
using System.Text.Json.Nodes;
using Ambient.Core.Policies;
using Ambient.Core.Workloads;
using Ambient.Resources.Manifests;

namespace Ambient.Compile.Tests;

/// <summary>Manifests as text, and the shortest ways to look at what they became.</summary>
internal static class Mesh
{
    public static IEnumerable<JsonObject> Objects(string yaml)
    {
        var set = ManifestReader.ReadText(Encoding.UTF8.GetBytes(yaml), "test");
        Assert.Empty(set.Errors);
        return set.Objects.Select(o => o.Content);
    }

    public static CompileResult Compile(params string[] yaml) => MeshCompiler.Compile(CompileInput.Of(yaml.SelectMany(Objects)));

    public static string Pod(string ns, string name, string address, string labels = "{}", string annotations = "{}") => $$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}}, namespace: {{ns}}, labels: {{labels}}, annotations: {{annotations}} }
        spec: { nodeName: node-1, serviceAccountName: {{name}}, containers: [{ name: app }] }
        status: { phase: Running, podIP: {{address}}, conditions: [{ type: Ready, status: "True" }] }
        """;

    public static string Security(string kind, string ns, string name, string spec, string created = "2026-01-01T00:00:00Z") => $$"""
        ---
        apiVersion: security.istio.io/v1
        kind: {{kind}}
        metadata: { name: {{name}}, namespace: {{ns}}, creationTimestamp: "{{created}}" }
        spec: {{spec}}
        """;

    public static string Peer(string ns, string name, string spec, string created = "2026-01-01T00:00:00Z") =>
        Security("PeerAuthentication", ns, name, spec, created);

    public static string Authz(string ns, string name, string spec) => Security("AuthorizationPolicy", ns, name, spec);

    public static string Namespace(string name, string labels) => $$"""
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: {{name}}, labels: {{labels}} }
        """;

    public static Workload Workload(this CompileResult result, string name) => Assert.Single(result.Workloads, w => w.Name == name);

    public static AuthorizationPolicy? Policy(this CompileResult result, string key) => result.Policies.SingleOrDefault(p => p.Key == key);

    public static PodEnrolment Enrolment(this CompileResult result, string name) => Assert.Single(result.Enrolments, e => e.Enrolment.Name == name).Enrolment;

    public static PolicyMatch OnlyMatch(this AuthorizationPolicy policy) =>
        Assert.Single(Assert.Single(Assert.Single(policy.Rules).Clauses).Matches);

    /// <summary>Policies that a plaintext caller meets at a port of a workload deny it: by L4 rules alone.</summary>
    public static bool RefusesPlaintext(this CompileResult result, string workload, ushort port) =>
        result.Workload(workload).AuthorizationPolicies.Select(key => result.Policy(key)!).Any(p => p.OnlyMatch() is var m
            && m.NotPrincipals.Contains(StringMatch.Presence)
            && (m.DestinationPorts.IsEmpty || m.DestinationPorts.Contains(port))
            && !m.NotDestinationPorts.Contains(port));
}
