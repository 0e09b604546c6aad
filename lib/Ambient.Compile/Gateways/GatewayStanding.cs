using System.Collections.Immutable;
using Ambient.Compile.Enrolment;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways;

/// <summary>
/// How far a Gateway has come: its Service, the addresses of that, and its pods. <paramref name="HasBegun"/>: something of it is there,
/// or cannot be made. <paramref name="BadParameters"/>: what is wrong with its parameters, if anything.
/// </summary>
internal sealed record GatewayStanding(Condition Programmed, ImmutableArray<ReportedAddress> Addresses, bool HasBegun, string? BadParameters)
{
    public static GatewayStanding Of(MeshIndex index, GatewaySource gateway, GatewayRole role)
    {
        var problem = index.Provisioning.GetValueOrDefault(gateway.Meta.Key);
        if (problem is { Reason: ProvisioningProblem.InvalidParameters })
        {
            return new GatewayStanding(False("Invalid", problem.Message), [], true, problem.Message);
        }

        var at = gateway.ServiceByHand ?? new ObjectKey(KnownKinds.Service, gateway.Meta.Namespace, GatewayNames.Workload(gateway.Meta.Name, gateway.Class, role));
        var service = index.Services.Find(at) is { } found && (gateway.ServiceByHand is not null || found.Meta.Label(EnrolmentLabels.GatewayName) == gateway.Meta.Name)
            ? found
            : null;
        ImmutableArray<ReportedAddress> addresses = service is null ? [] : [.. AddressesOf(index, service, role)];
        Condition programmed = problem is not null ? False(problem.Reason, problem.Message)
            : service is null ? False("Pending", $"there is no Service {at.Namespace}/{at.Name} of this Gateway yet")
            : addresses.IsEmpty ? False("AddressNotAssigned", $"Service {service.Meta.Namespace}/{service.Meta.Name} has no address yet")
            : Unusable(gateway, addresses) is { } unusable ? False("AddressNotUsable", $"the address {unusable} was asked for, and Service {service.Meta.Namespace}/{service.Meta.Name} does not have it")
            : Pods(index, gateway, service) switch
            {
                (0, 0) => False("Pending", "no pod of it has started"),
                (0, var all) => False("Pending", $"none of its {all} pods is ready"),
                var (ready, all) => Condition.True(Condition.Programmed, "Programmed", $"{ready} of {all} pods are ready"),
            };
        return new GatewayStanding(programmed, addresses, service is not null || problem is not null, null);
    }

    /// <summary>An address that was asked for and is not had.</summary>
    private static string? Unusable(GatewaySource gateway, ImmutableArray<ReportedAddress> addresses) =>
        gateway.Asked.Where(a => a.Type == ReportedAddress.IpAddress && !addresses.Contains(ReportedAddress.Of(a.Value))).Select(static a => a.Value).FirstOrDefault();

    private static IEnumerable<ReportedAddress> AddressesOf(MeshIndex index, ServiceSource service, GatewayRole role) => service.Type switch
    {
        "LoadBalancer" => service.Ingress.Select(static a => ReportedAddress.Of(a)),
        _ when role == GatewayRole.Waypoint => service.ClusterIps.Select(static ip => ReportedAddress.Of(ip.ToString())),
        _ when service.ClusterIps.IsEmpty => [],
        _ => [new ReportedAddress(ReportedAddress.Hostname, index.HostnameOf(service.Meta.Name, service.Meta.Namespace))],
    };

    /// <summary>Ours by their label, whatever else the Service selects; those that a person runs by that Service.</summary>
    private static (int Ready, int All) Pods(MeshIndex index, GatewaySource gateway, ServiceSource service)
    {
        var selector = gateway.ServiceByHand is null
            ? new Dictionary<string, string>(StringComparer.Ordinal) { [EnrolmentLabels.GatewayName] = gateway.Meta.Name }
            : service.Selector;
        var pods = selector.Count == 0 ? [] : index.Labels.Selected(service.Meta.Namespace, selector)
            .Select(index.Pods.Find).OfType<PodSource>().Where(static p => !p.Meta.Deleting).ToList();
        return (pods.Count(static p => p.Ready), pods.Count);
    }

    private static Condition False(string reason, string message) => Condition.False(Condition.Programmed, reason, message);
}
