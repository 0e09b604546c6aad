namespace Ambient.Compile.Tests.Enrolment;

public sealed class EnrolmentTests
{
    [Theory]
    [InlineData("{}", "{}", "{}", false, "neither pod nor namespace")]
    [InlineData("{ ambient.dev/mesh: enabled }", "{}", "{}", true, "namespace label ambient.dev/mesh=enabled")]
    [InlineData("{ istio.io/dataplane-mode: ambient }", "{}", "{}", true, "namespace label istio.io/dataplane-mode=ambient")]
    [InlineData("{ ambient.dev/mesh: disabled, istio.io/dataplane-mode: ambient }", "{}", "{}", false, "ambient.dev/mesh=disabled")]
    [InlineData("{ ambient.dev/mesh: enabled, istio.io/dataplane-mode: none }", "{}", "{}", true, "ambient.dev/mesh=enabled")]
    [InlineData("{ istio-injection: enabled }", "{}", "{}", true, "istio-injection=enabled")]
    [InlineData("{ linkerd.io/inject: enabled }", "{}", "{}", true, "linkerd.io/inject=enabled")]
    [InlineData("{ linkerd.io/inject: enabled }", "{}", "{ linkerd.io/inject: disabled }", false, "linkerd.io/inject=disabled")]
    [InlineData("{ istio.io/dataplane-mode: none, istio-injection: enabled }", "{}", "{}", false, "dataplane-mode=none")]
    [InlineData("{ ambient.dev/mesh: enabled }", "{ ambient.dev/mesh: disabled }", "{}", false, "pod label ambient.dev/mesh=disabled")]
    [InlineData("{ ambient.dev/mesh: enabled }", "{ istio.io/dataplane-mode: none }", "{}", false, "pod label istio.io/dataplane-mode=none")]
    [InlineData("{}", "{ istio.io/dataplane-mode: ambient }", "{}", true, "pod label istio.io/dataplane-mode=ambient")]
    [InlineData("{ ambient.dev/mesh: enabled }", "{}", "{ sidecar.istio.io/inject: 'false' }", false, "sidecar.istio.io/inject")]
    [InlineData("{}", "{ ambient.dev/mesh: enabled }", "{ sidecar.istio.io/inject: 'false' }", true, "pod label ambient.dev/mesh=enabled")]
    [InlineData("{ ambient.dev/mesh: enabled }", "{}", "{ ambient.istio.io/redirection: enabled }", false, "another mesh")]
    public void Pod_WithLabelsOfNamespaceAndPod_IsEnrolledOrNotAndSaysWhy(string ns, string pod, string annotations, bool enrolled, string reason)
    {
        var enrolment = Mesh.Compile(Mesh.Namespace("shop", ns), Mesh.Pod("shop", "a", "10.0.0.1", pod, annotations)).Enrolment("a");
        Assert.Equal(enrolled, enrolment.Enrolled);
        Assert.Contains(reason, enrolment.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop", "hostNetwork: true, containers: [{ name: app }]", "host's network")]
    [InlineData("shop", "containers: [{ name: app }, { name: istio-proxy }]", "istio-proxy")]
    [InlineData("shop", "containers: [{ name: app }], initContainers: [{ name: linkerd-proxy, restartPolicy: Always }]", "linkerd-proxy")]
    [InlineData("kube-system", "containers: [{ name: app }]", "kube-system")]
    [InlineData("ambient-system", "containers: [{ name: app }]", "ambient-system")]
    public void Pod_ThatCannotBe_IsNeverEnrolledWhateverItsLabels(string ns, string spec, string reason)
    {
        var enrolment = Mesh.Compile(Mesh.Namespace(ns, "{ ambient.dev/mesh: enabled }"), $$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: a, namespace: {{ns}}, labels: { ambient.dev/mesh: enabled } }
            spec: { {{spec}} }
            """).Enrolment("a");
        Assert.False(enrolment.Enrolled);
        Assert.Contains(reason, enrolment.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void InjectorLabels_WhereTheInjectorIsInstalled_EnrolNobody()
    {
        var objects = Mesh.Objects(Mesh.Namespace("shop", "{ istio-injection: enabled }") + "\n" + Mesh.Pod("shop", "a", "10.0.0.1"));
        var result = MeshCompiler.Compile(CompileInput.Of(objects), new CompileOptions { EnrolIstioInjection = false });
        Assert.False(result.Enrolment("a").Enrolled);
    }
}
