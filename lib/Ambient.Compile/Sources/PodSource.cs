using System.Collections.Immutable;
using System.Net;

namespace Ambient.Compile.Sources;

/// <summary>A pod, narrowed to what decides its enrolment, its workload and its place behind services.</summary>
internal sealed record PodSource
{
    public required SourceMeta Meta { get; init; }

    public required string ServiceAccount { get; init; }

    public required string Node { get; init; }

    public required bool HostNetwork { get; init; }

    public required ImmutableArray<IPAddress> Addresses { get; init; }

    public required ImmutableArray<NamedPort> Ports { get; init; }

    /// <summary>Names of containers and of init containers.</summary>
    public required ImmutableArray<string> ContainerNames { get; init; }

    public required string OwnerKind { get; init; }

    public required string OwnerName { get; init; }

    public required bool Ready { get; init; }

    /// <summary>Succeeded or Failed: its address may belong to another pod by now.</summary>
    public required bool Finished { get; init; }

    /// <summary>Owns its addresses: can be found by them.</summary>
    public bool HasOwnAddress => !HostNetwork && !Finished && !Addresses.IsEmpty;

    public static PodSource Read(JsonView o, ObjectKey key)
    {
        var spec = o["spec"];
        var status = o["status"];
        var containers = spec.List("containers").Concat(spec.List("initContainers")).ToList();
        var owner = o["metadata"].List("ownerReferences").OrderByDescending(static r => r.Flag("controller")).FirstOrDefault();
        return new PodSource
        {
            Meta = SourceMeta.Read(o, key),
            ServiceAccount = spec.Text("serviceAccountName") is { Length: > 0 } sa ? sa : "default",
            Node = spec.Text("nodeName"),
            HostNetwork = spec.Flag("hostNetwork"),
            Addresses = ReadAddresses(status),
            Ports = [.. containers.SelectMany(static c => c.List("ports")).Select(static p => NamedPort.Read(p, "containerPort"))],
            ContainerNames = [.. containers.Select(static c => c.Text("name"))],
            OwnerKind = owner.Exists ? owner.Text("kind") : "",
            OwnerName = owner.Exists ? owner.Text("name") : "",
            Ready = status.List("conditions").Any(static c => c.Text("type") == "Ready" && c.Text("status") == "True"),
            Finished = status.Text("phase") is "Succeeded" or "Failed",
        };
    }

    private static ImmutableArray<IPAddress> ReadAddresses(JsonView status)
    {
        var views = status.List("podIPs").Select(static ip => ip["ip"]).Append(status["podIP"]);
        return [.. views.Where(static v => v.Text() is { Length: > 0 }).Select(static v => IpText.Address(v)).Distinct()];
    }
}
