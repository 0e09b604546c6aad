namespace Ambient.Compile.Enrolment;

/// <summary>Labels and annotations that enrol, opt out or mark what is taken already.</summary>
internal static class EnrolmentLabels
{
    /// <summary>Ours: <c>enabled</c> or <c>disabled</c>.</summary>
    public const string Mesh = "ambient.dev/mesh";

    /// <summary>Istio's: <c>ambient</c> or <c>none</c>.</summary>
    public const string DataplaneMode = "istio.io/dataplane-mode";

    public const string IstioInjection = "istio-injection";

    /// <summary>A label or an annotation: <c>enabled</c> or <c>disabled</c>.</summary>
    public const string LinkerdInject = "linkerd.io/inject";

    /// <summary>Annotation; <c>false</c> opts a pod out.</summary>
    public const string SidecarInject = "sidecar.istio.io/inject";

    /// <summary>Annotation of a pod whose traffic another mesh's node agent redirects.</summary>
    public const string Redirection = "ambient.istio.io/redirection";

    /// <summary>Names the Gateway that a pod or service implements.</summary>
    public const string GatewayName = "gateway.networking.k8s.io/gateway-name";
}
