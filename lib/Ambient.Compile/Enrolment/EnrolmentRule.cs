using Ambient.Compile.Sources;
using Ambient.Core;

namespace Ambient.Compile.Enrolment;

/// <summary>
/// Who is enrolled. In this order: (1) pods that never can be; (2) a label of the pod, ours before Istio's; (3) the pod's opt-out
/// annotation; (4) a label of the namespace, ours before Istio's before the injectors'; (5) nobody asked: no.
/// </summary>
internal static class EnrolmentRule
{
    private static readonly string[] Sidecars = ["istio-proxy", "linkerd-proxy"];

    public static EnrolmentDecision Decide(PodSource pod, SourceMeta? ns, CompileOptions options)
    {
        var asked = Asked(pod, ns, options);
        return Never(pod) is { } never ? new EnrolmentDecision(false, never, asked.Enrolled) : asked;
    }

    private static EnrolmentDecision Asked(PodSource pod, SourceMeta? ns, CompileOptions options) =>
        Label(pod.Meta, "pod")
        ?? (pod.Meta.Annotation(EnrolmentLabels.SidecarInject) == "false"
            ? No($"pod annotation {EnrolmentLabels.SidecarInject}=\"false\"")
            : null)
        ?? (ns is null ? null : Label(ns, "namespace") ?? Injector(pod.Meta, ns, options))
        ?? No($"neither pod nor namespace has a label that enrols, such as {EnrolmentLabels.Mesh}=enabled");

    /// <summary>What no label can overrule; null when enrolment is possible.</summary>
    private static string? Never(PodSource pod) =>
        pod.HostNetwork ? "pod uses the host's network"
        : pod.Meta.Namespace is "kube-system" or MeshDefaults.SystemNamespace ? $"namespace {pod.Meta.Namespace} is never enrolled"
        : pod.ContainerNames.FirstOrDefault(static c => Sidecars.Contains(c)) is { } sidecar ? $"pod carries the sidecar container {sidecar}"
        : pod.Meta.Annotations.ContainsKey(EnrolmentLabels.Redirection)
            ? $"pod annotation {EnrolmentLabels.Redirection}: another mesh redirects it"
        : null;

    private static EnrolmentDecision? Label(SourceMeta meta, string where) =>
        (meta.Label(EnrolmentLabels.Mesh), meta.Label(EnrolmentLabels.DataplaneMode)) switch
        {
            ("enabled", _) => Yes($"{where} label {EnrolmentLabels.Mesh}=enabled"),
            ("disabled", _) => No($"{where} label {EnrolmentLabels.Mesh}=disabled"),
            (_, "ambient") => Yes($"{where} label {EnrolmentLabels.DataplaneMode}=ambient"),
            (_, "none") => No($"{where} label {EnrolmentLabels.DataplaneMode}=none"),
            _ => null,
        };

    private static EnrolmentDecision? Injector(SourceMeta pod, SourceMeta ns, CompileOptions options)
    {
        if (options.EnrolIstioInjection && ns.Label(EnrolmentLabels.IstioInjection) == "enabled")
        {
            return Yes($"namespace label {EnrolmentLabels.IstioInjection}=enabled");
        }

        bool linkerd = (ns.Label(EnrolmentLabels.LinkerdInject), ns.Annotation(EnrolmentLabels.LinkerdInject)) is ("enabled", _) or (_, "enabled");
        return !options.EnrolLinkerdInject || !linkerd ? null
            : pod.Annotation(EnrolmentLabels.LinkerdInject) == "disabled" ? No($"pod annotation {EnrolmentLabels.LinkerdInject}=disabled")
            : Yes($"namespace {EnrolmentLabels.LinkerdInject}=enabled");
    }

    private static EnrolmentDecision Yes(string reason) => new(true, reason, true);

    private static EnrolmentDecision No(string reason) => new(false, reason, false);
}
