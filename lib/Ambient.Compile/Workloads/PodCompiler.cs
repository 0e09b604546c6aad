using System.Collections.Immutable;
using System.Net;
using Ambient.Compile.Enrolment;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sidecars;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;
using Ambient.Core.Workloads;

namespace Ambient.Compile.Workloads;

/// <summary>Pod → its enrolment, and its workload once it has an address.</summary>
internal static class PodCompiler
{
    public static string UidOf(MeshIndex index, ObjectKey pod) => $"{index.Options.ClusterId}//Pod/{pod.Namespace}/{pod.Name}";

    public static UnitOutput Compile(MeshIndex index, PodSource pod, ApplicablePolicies policies, WaypointBinding? waypoint, WaypointBinding? before)
    {
        if (pod.Finished)
        {
            return UnitOutput.Nothing;
        }

        var decision = EnrolmentRule.Decide(pod, index.NamespaceOf(pod.Meta.Namespace), index.Options);
        string uid = UidOf(index, pod.Meta.Key);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        findings.AddRange(LabelChecks.Of(pod.Meta));
        if (!decision.Enrolled && decision.Wanted && !pod.HostNetwork)
        {
            findings.Add(Warning(pod, FindingCodes.NotEnrollable, "", $"is not enrolled although labels ask for it: {decision.Reason}"));
        }

        if (waypoint is { Exists: false })
        {
            findings.Add(Warning(pod, FindingCodes.WaypointMissing, "", waypoint.Missing));
        }

        var addresses = Addresses(index, pod, findings);
        return new UnitOutput
        {
            Enrolment = new NodeEnrolment(pod.Node, PodEnrolmentCompiler.Compile(pod, decision, uid)),
            Workloads = addresses.IsEmpty && !OfManifest(pod) ? [] : [Workload(index, pod, uid, addresses, decision) with
            {
                AuthorizationPolicies = policies.Listed(index, before),
                StrictOrigin = policies.StrictOrigin,
                Waypoint = waypoint is { ForWorkloads: true } ? waypoint.Address : null,
            }],
            Findings = findings.ToImmutable(),
        };
    }

    /// <summary>Ready without an address is only a pod that was made from a manifest.</summary>
    private static bool OfManifest(PodSource pod) => pod is { Ready: true, Addresses.IsEmpty: true };

    private static Workload Workload(
        MeshIndex index, PodSource pod, string uid, ImmutableArray<IPAddress> addresses, EnrolmentDecision decision)
    {
        var (kind, workloadName) = Owner.Of(pod);
        bool native = pod.Meta.Label("networking.istio.io/tunnel") == "http";
        bool foreign = pod.Meta.Annotation(EnrolmentLabels.Redirection) == "enabled";
        return new Workload
        {
            Uid = uid,
            Name = pod.Meta.Name,
            Namespace = pod.Meta.Namespace,
            Addresses = addresses,
            Network = index.Options.Network,
            TunnelProtocol = decision.Enrolled || native || foreign ? TunnelProtocol.Hbone : TunnelProtocol.None,
            NativeTunnel = native,
            TrustDomain = index.Settings.TrustDomain,
            ServiceAccount = pod.ServiceAccount,
            Node = pod.Node,
            CanonicalName = CanonicalName.Name(pod.Meta, workloadName),
            CanonicalRevision = CanonicalName.Revision(pod.Meta),
            Kind = kind,
            WorkloadName = workloadName,
            Services = ServiceMembership.Of(index, pod.Meta.Key, pod.Meta.Labels, pod.Ports),
            Health = pod.Ready && !pod.Meta.Deleting ? WorkloadHealth.Healthy : WorkloadHealth.Unhealthy,
            ClusterId = index.Options.ClusterId,
            Locality = index.Nodes.Find(new ObjectKey(KnownKinds.Node, "", pod.Node))?.Locality ?? Locality.Unknown,
            Egress = SidecarCompiler.KeyFor(index, pod.Meta),
            Labels = Core.Workloads.Workload.NoLabels.SetItems(pod.Meta.Labels),
            NetworkMode = pod.HostNetwork ? NetworkMode.HostNetwork : NetworkMode.Standard,
        };
    }

    private static ImmutableArray<IPAddress> Addresses(MeshIndex index, PodSource pod, ImmutableArray<Finding>.Builder findings)
    {
        if (pod.HostNetwork)
        {
            return pod.Addresses;
        }

        var own = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (var address in pod.Addresses)
        {
            if (index.Claims.Winner(address) is { } winner && winner.Key != pod.Meta.Key)
            {
                findings.Add(Warning(pod, FindingCodes.DuplicateAddress, "status.podIPs",
                    $"{address} belongs to {winner.Kind} {winner.Key.Namespace}/{winner.Key.Name}, which comes first; it is ignored here"));
            }
            else
            {
                own.Add(address);
            }
        }

        return own.ToImmutable();
    }

    private static Finding Warning(PodSource pod, string code, string field, string message) =>
        new(code, FindingLevel.Warning, pod.Meta.Kind, pod.Meta.Namespace, pod.Meta.Name, field, message);
}
