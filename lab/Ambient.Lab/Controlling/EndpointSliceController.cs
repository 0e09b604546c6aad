using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Kube.Resources;
using Ambient.Lab.Objects;
using Ambient.Lab.Watching;

namespace Ambient.Lab.Controlling;

/// <summary>Writes the EndpointSlices of every Service with a selector: one per address family and set of resolved ports.</summary>
internal sealed class EndpointSliceController
{
    private const string Manager = "endpointslice-controller.k8s.io";
    private const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    private const int MaxEndpoints = 1000;

    private readonly ClusterMirror cluster;
    private readonly ReconcileLoop loop;

    public EndpointSliceController(ClusterMirror cluster)
    {
        this.cluster = cluster;
        loop = new ReconcileLoop("endpoint slices", ReconcileAsync, TimeSpan.FromMilliseconds(2), cluster.Time, cluster.Logger);
        cluster.Pods.Changed += loop.On;
        cluster.Services.Changed += loop.On;
        cluster.Slices.Changed += loop.On;
    }

    public Task RunAsync(CancellationToken ct)
    {
        loop.Trigger();
        return loop.RunAsync(ct);
    }

    private async Task ReconcileAsync(CancellationToken ct)
    {
        var pods = cluster.Pods.Items.Where(p => !p.IsFinished && p.Status?.PodIps.Count > 0).ToLookup(p => p.Metadata.Namespace);
        var mine = cluster.Slices.Items
            .Where(s => s.Metadata.Labels.GetValueOrDefault(ManagedBy) == Manager)
            .ToLookup(s => $"{s.Metadata.Namespace}/{s.Metadata.Labels.GetValueOrDefault(EndpointSlice.ServiceNameLabel)}");
        foreach (var service in cluster.Services.Items.Where(s => s.Spec.Selector.Count > 0 && s.Spec.Type != "ExternalName" && s.Metadata.DeletionTimestamp is null))
        {
            var wanted = Slices(service, pods[service.Metadata.Namespace]).ToDictionary(s => (string)s["metadata"]!["name"]!, StringComparer.Ordinal);
            foreach (var (name, slice) in wanted)
            {
                await WriteAsync(mine[service.Metadata.Key].FirstOrDefault(s => s.Metadata.Name == name), slice, ct).ConfigureAwait(false);
            }

            foreach (var stale in mine[service.Metadata.Key].Where(s => !wanted.ContainsKey(s.Metadata.Name)))
            {
                await cluster.Slices.Client.DeleteAsync(stale.Metadata.Namespace, stale.Metadata.Name, null, ct).ConfigureAwait(false);
                cluster.Slices.Remove(stale);
            }
        }
    }

    private async Task WriteAsync(EndpointSlice? present, JsonObject slice, CancellationToken ct)
    {
        var wanted = PodSets.Read<EndpointSlice>(slice);
        if (present is not null && Same(present, wanted))
        {
            return;
        }

        var client = cluster.Client.Resource(new GroupVersionKind("discovery.k8s.io", "v1", "EndpointSlice"));
        if (present is not null)
        {
            slice["metadata"]!["resourceVersion"] = present.Metadata.ResourceVersion;
        }

        var written = present is null
            ? await client.CreateAsync(slice, "lab-controllers", ct).ConfigureAwait(false)
            : await client.ReplaceAsync(slice, "lab-controllers", ct).ConfigureAwait(false);
        cluster.Slices.Put(PodSets.Read<EndpointSlice>(written));
    }

    private static bool Same(EndpointSlice a, EndpointSlice b) =>
        JsonNode.DeepEquals(Comparable(a), Comparable(b));

    private static JsonObject Comparable(EndpointSlice slice) => new()
    {
        ["endpoints"] = System.Text.Json.JsonSerializer.SerializeToNode(slice.Endpoints, KubeJson.Options),
        ["ports"] = System.Text.Json.JsonSerializer.SerializeToNode(slice.Ports, KubeJson.Options),
    };

    private static IEnumerable<JsonObject> Slices(LabService service, IEnumerable<LabPod> pods)
    {
        var selected = pods.Where(p => service.Spec.Selector.All(s => p.Metadata.Labels.TryGetValue(s.Key, out var v) && v == s.Value))
            .OrderBy(p => p.Metadata.Name, StringComparer.Ordinal).ToList();
        foreach (var family in Families(service))
        {
            var groups = selected
                .Where(p => AddressOf(p, family) is not null)
                .GroupBy(p => Ports(service, p).ToJsonString(), StringComparer.Ordinal)
                .DefaultIfEmpty();
            foreach (var group in groups)
            {
                var number = 0;
                foreach (var chunk in (group ?? Enumerable.Empty<LabPod>()).Chunk(MaxEndpoints).DefaultIfEmpty([]))
                {
                    yield return Slice(service, family, group?.Key ?? "[]", number++, chunk);
                }
            }
        }
    }

    private static JsonObject Slice(LabService service, AddressFamily family, string ports, int number, LabPod[] pods)
    {
        var suffix = Templates.Hash(new JsonObject { ["f"] = family.ToString(), ["p"] = pods.Length == 0 ? "" : ports, ["n"] = number })[..5];
        var labels = new JsonObject { [EndpointSlice.ServiceNameLabel] = service.Metadata.Name, [ManagedBy] = Manager };
        if (service.Spec.ClusterIp == "None")
        {
            labels["service.kubernetes.io/headless"] = "";
        }

        return new JsonObject
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{service.Metadata.Name}-{suffix}",
                ["namespace"] = service.Metadata.Namespace,
                ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(Owning.Reference("v1", "Service", service.Metadata)),
            },
            ["addressType"] = family == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4",
            ["ports"] = JsonNode.Parse(pods.Length == 0 ? "[]" : ports),
            ["endpoints"] = new JsonArray([.. pods.Select(p => Endpoint(service, p, family))]),
        };
    }

    private static JsonObject Endpoint(LabService service, LabPod pod, AddressFamily family)
    {
        var endpoint = new JsonObject
        {
            ["addresses"] = new JsonArray(AddressOf(pod, family)!.ToString()),
            ["conditions"] = new JsonObject
            {
                ["ready"] = service.Spec.PublishNotReadyAddresses || (pod.IsReady && !pod.IsLeaving),
                ["serving"] = pod.IsReady,
                ["terminating"] = pod.IsLeaving,
            },
            ["nodeName"] = pod.Spec.NodeName,
            ["targetRef"] = new JsonObject
            {
                ["kind"] = "Pod",
                ["namespace"] = pod.Metadata.Namespace,
                ["name"] = pod.Metadata.Name,
                ["uid"] = pod.Metadata.Uid,
            },
        };
        if (pod.Spec.Hostname is { Length: > 0 } host && pod.Spec.Subdomain == service.Metadata.Name)
        {
            endpoint["hostname"] = host;
        }

        return endpoint;
    }

    private static JsonArray Ports(LabService service, LabPod pod)
    {
        var ports = new JsonArray();
        foreach (var port in service.Spec.Ports)
        {
            var number = port.TargetPort switch
            {
                { Number: { } n } when n > 0 => n,
                { Text: { Length: > 0 } name } => pod.Spec.Containers.SelectMany(c => c.Ports)
                    .FirstOrDefault(p => p.Name == name && (p.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))?.Port ?? 0,
                _ => port.Port,
            };
            if (number == 0)
            {
                continue;
            }

            var item = new JsonObject { ["name"] = port.Name ?? "", ["port"] = number, ["protocol"] = port.Protocol ?? "TCP" };
            if (port.AppProtocol is not null)
            {
                item["appProtocol"] = port.AppProtocol;
            }

            ports.Add((JsonNode)item);
        }

        return ports;
    }

    private static IEnumerable<AddressFamily> Families(LabService service) =>
        service.Spec.IpFamilies.Count == 0
            ? [AddressFamily.InterNetwork]
            : service.Spec.IpFamilies.Select(f => f == "IPv6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);

    private static IPAddress? AddressOf(LabPod pod, AddressFamily family) =>
        pod.Status?.PodIps.Select(i => IPAddress.TryParse(i.Ip, out var a) ? a : null).FirstOrDefault(a => a?.AddressFamily == family);
}
