using System.Collections.Immutable;
using Ambient.Compile.Enrolment;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Egress;
using Ambient.Core.Workloads;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Sidecars;

/// <summary>
/// Sidecar → what its workloads may call. One without selector speaks for its namespace, in a root namespace for the mesh; the oldest of a
/// scope counts.
/// </summary>
internal static class SidecarCompiler
{
    /// <summary>What a pod's proxy is told: the oldest Sidecar that chooses it by its labels; nothing narrows gateways.</summary>
    public static string? KeyFor(MeshIndex index, SourceMeta pod) => pod.Labels.ContainsKey(EnrolmentLabels.GatewayName)
        ? Workload.SeesAll
        : index.SidecarSelectors.Selecting(pod.Namespace, pod.Labels).Select(static s => s.Meta)
            .Order(Comparer<SourceMeta>.Create(SourceMeta.ByAge)).FirstOrDefault() is { } sidecar
            ? EgressVisibility.OfWorkloads(sidecar.Namespace, sidecar.Name)
            : null;

    public static UnitOutput Compile(MeshIndex index, SidecarSource sidecar)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        findings.AddRange(ResourceChecks.Findings(sidecar.Meta, sidecar.Refusal, sidecar.Notes));
        var older = Older(index, sidecar);
        if (older is not null)
        {
            findings.Add(Warning(sidecar, "", $"has no effect: {older.Meta.Namespace}/{older.Meta.Name} is older and speaks for the same workloads; remove one"));
        }

        if (sidecar.Spec is { Ingress: not null } or { InboundConnectionPool: not null })
        {
            findings.Add(Warning(sidecar, sidecar.Spec.Ingress is not null ? "spec.ingress" : "spec.inboundConnectionPool", "has no effect: what reaches a pod goes to the port that was called"));
        }

        if (sidecar.Spec?.OutboundTrafficPolicy?.EgressProxy is not null)
        {
            findings.Add(Warning(sidecar, "spec.outboundTrafficPolicy.egressProxy", "has no effect: declare the hosts by ServiceEntries and bind these to a waypoint"));
        }

        return new UnitOutput
        {
            Resources = older is null && sidecar.Spec is { } spec ? [Visibility(index, sidecar, spec)] : [],
            Status = ResourceChecks.Report(sidecar.Meta, sidecar.Refusal, "it has no effect until it is repaired",
                older is null ? [] : [Condition.False(Condition.Accepted, "Conflicted", $"{older.Meta.Namespace}/{older.Meta.Name} is older and speaks for the same workloads")]),
            Findings = findings.ToImmutable(),
        };
    }

    private static EgressVisibility Visibility(MeshIndex index, SidecarSource sidecar, SidecarSpec spec) => new()
    {
        Scope = sidecar.Selector is not null ? EgressVisibility.OfWorkloads(sidecar.Meta.Namespace, sidecar.Meta.Name)
            : index.Options.IsRoot(sidecar.Meta.Namespace) ? EgressVisibility.OfMesh
            : EgressVisibility.OfNamespace(sidecar.Meta.Namespace),
        Origin = new NamespacedName(sidecar.Meta.Namespace, sidecar.Meta.Name),
        Listeners = [.. (spec.Egress ?? []).Select(e => Listener(e, sidecar.Meta.Namespace))],
        AllowOthers = spec.OutboundTrafficPolicy?.Mode switch
        {
            "REGISTRY_ONLY" => false,
            "ALLOW_ANY" => true,
            _ => null,
        },
    };

    private static EgressListener Listener(SidecarEgress egress, string @namespace) => new(
        egress.Port?.Number ?? 0,
        [.. egress.Hosts!.Select(h => SidecarSource.TryHost(h, @namespace, out var host) ? host : null).OfType<EgressHost>()]);

    private static SidecarSource? Older(MeshIndex index, SidecarSource sidecar)
    {
        if (sidecar.Selector is not null || sidecar.Spec is null)
        {
            return null;
        }

        var scope = index.Options.IsRoot(sidecar.Meta.Namespace) ? index.Options.RootNamespaces : [sidecar.Meta.Namespace];
        var oldest = scope.SelectMany(ns => index.Sidecars.In(ns).Values).Where(static s => s is { Selector: null, Spec: not null })
            .OrderBy(static s => s.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).First();
        return oldest.Meta.Key == sidecar.Meta.Key ? null : oldest;
    }

    private static Finding Warning(SidecarSource sidecar, string field, string message) =>
        new(FindingCodes.NotAttached, FindingLevel.Warning, sidecar.Meta.Kind, sidecar.Meta.Namespace, sidecar.Meta.Name, field, message);
}
