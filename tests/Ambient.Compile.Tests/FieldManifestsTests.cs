using Ambient.Compile.Offline;
using Ambient.Compile.Reports;
using Ambient.Resources.Manifests;

namespace Ambient.Compile.Tests;

/// <summary>Manifests in formats that people already have compile together without an error.</summary>
public sealed class FieldManifestsTests
{
    private const string Manifests = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: debug-tool }
        spec: { template: { metadata: { annotations: { sidecar.istio.io/inject: "false" } }, spec: { containers: [{ name: debug }] } } }
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: VirtualService
        metadata: { name: orders }
        spec: { hosts: [orders], http: [{ route: [{ destination: { host: orders, subset: v1 }, weight: 90 }] }] }
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: DestinationRule
        metadata: { name: orders }
        spec: { host: orders, trafficPolicy: { outlierDetection: { consecutiveErrors: 5 } } }
        ---
        apiVersion: split.smi-spec.io/v1alpha1
        kind: TrafficSplit
        metadata: { name: split }
        spec: { service: orders, backends: [{ service: v1, weight: 90 }] }
        ---
        apiVersion: linkerd.io/v1alpha2
        kind: ServiceProfile
        metadata: { name: orders.default.svc.cluster.local }
        spec: { routes: [{ name: get, condition: { method: GET }, retries: { limit: 3, timeout: 2s } }] }
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: ServiceEntry
        metadata: { name: external-api }
        spec: { hosts: [api.example.com], ports: [{ number: 443, name: https, protocol: HTTPS }], location: MESH_EXTERNAL, resolution: DNS }
        ---
        apiVersion: security.istio.io/v1beta1
        kind: AuthorizationPolicy
        metadata: { name: deny-all, namespace: default }
        spec:
          {}
        """;

    [Fact]
    public void MixedFormats_Compiled_GiveNoErrorAndAPodForTheTemplate()
    {
        var set = ManifestReader.ReadText(System.Text.Encoding.UTF8.GetBytes(Manifests), "field.yaml");
        Assert.Empty(set.Errors);
        var result = MeshCompiler.Compile(CompileInput.Of(OfflineCluster.Complete(set.Objects.Select(o => o.Content), assignAddresses: true)));
        Assert.DoesNotContain(result.Findings, f => f.Level == FindingLevel.Error);
        Assert.Equal("default", result.Workload("debug-tool").Namespace);
        Assert.Contains("sidecar.istio.io/inject", result.Enrolment("debug-tool").Reason, StringComparison.Ordinal);
        Assert.Equal("198.19.0.1", result.Workload("debug-tool").Addresses.Single().ToString());
    }
}
