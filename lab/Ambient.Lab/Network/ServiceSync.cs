using System.Collections.Immutable;
using System.Net;
using Ambient.Kube.Resources;
using Ambient.Lab.Kernel;
using Ambient.Lab.Naming;
using Ambient.Lab.Objects;
using Ambient.Lab.Watching;

namespace Ambient.Lab.Network;

/// <summary>Carries services and endpoints into every node's rules and into the DNS zone after each change.</summary>
internal sealed class ServiceSync
{
    private readonly ClusterMirror cluster;
    private readonly ClusterDns dns;
    private readonly string[] nodes;
    private readonly ServiceRules rules = new();
    private readonly HashSet<string> doubtful = new(StringComparer.Ordinal);
    private readonly ReconcileLoop loop;

    public ServiceSync(ClusterMirror cluster, ClusterDns dns, IEnumerable<string> nodes)
    {
        this.cluster = cluster;
        this.dns = dns;
        this.nodes = [.. nodes];
        doubtful.UnionWith(this.nodes);
        loop = new ReconcileLoop("service rules", ReconcileAsync, TimeSpan.FromMilliseconds(2), cluster.Time, cluster.Logger);
        cluster.Services.Changed += loop.On;
        cluster.Slices.Changed += loop.On;
        cluster.Pods.Changed += (before, after) =>
        {
            if (before?.Status?.PodIp != after?.Status?.PodIp)
            {
                loop.Trigger();
            }
        };
    }

    public Task RunAsync(CancellationToken ct)
    {
        loop.Trigger();
        return loop.RunAsync(ct);
    }

    internal static List<ServiceView> Views(IEnumerable<LabService> services, IEnumerable<EndpointSlice> slices)
    {
        var bySevice = slices.ToLookup(s => $"{s.Metadata.Namespace}/{s.Metadata.Labels.GetValueOrDefault(EndpointSlice.ServiceNameLabel)}");
        return [.. services.Select(s => View(s, bySevice[s.Metadata.Key]))];
    }

    private async Task ReconcileAsync(CancellationToken ct)
    {
        var views = Views(cluster.Services.Items, cluster.Slices.Items);
        dns.Zone = DnsZone.Of(views);
        var pods = cluster.Pods.Items.Where(p => !p.IsFinished && !p.Spec.HostNetwork)
            .SelectMany(p => p.Status?.PodIps ?? []).Select(i => IPAddress.TryParse(i.Ip, out var a) ? a : null).OfType<IPAddress>().ToHashSet();
        var change = rules.Update(views, pods);
        await Task.WhenAll(nodes.Select(n => ApplyAsync(n, change))).ConfigureAwait(false);
        if (doubtful.Count > 0)
        {
            throw new InvalidOperationException($"rules of {string.Join(", ", doubtful)} are written again");
        }
    }

    private async Task ApplyAsync(string netns, string change)
    {
        bool whole;
        lock (doubtful)
        {
            whole = doubtful.Remove(netns);
        }

        if (!whole && change.Length == 0)
        {
            return;
        }

        try
        {
            await Tool.RunAsync(netns, "nft", ["-f", "-"], whole ? rules.Full() : change).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            lock (doubtful)
            {
                doubtful.Add(netns);
            }

            if (whole)
            {
                throw;
            }
        }
    }

    private static ServiceView View(LabService service, IEnumerable<EndpointSlice> slices) => new()
    {
        Namespace = service.Metadata.Namespace!,
        Name = service.Metadata.Name,
        ExternalName = service.Spec.Type == "ExternalName" ? service.Spec.ExternalName : null,
        Sticky = service.Spec.SessionAffinity == "ClientIP",
        ClusterIps =
        [
            .. (service.Spec.ClusterIps.Count > 0 ? service.Spec.ClusterIps : service.Spec.ClusterIp is { } one ? [one] : [])
                .Select(i => IPAddress.TryParse(i, out var a) ? a : null).OfType<IPAddress>(),
        ],
        Ports = [.. service.Spec.Ports.Select(p => new ServicePortView(p.Name ?? "", (p.Protocol ?? "TCP").ToLowerInvariant(), p.Port))],
        Endpoints = [.. slices.SelectMany(Endpoints)],
    };

    private static IEnumerable<EndpointView> Endpoints(EndpointSlice slice)
    {
        var ports = slice.Ports.Where(p => p.Port is > 0).ToImmutableDictionary(p => p.Name ?? "", p => p.Port!.Value);
        return slice.Endpoints
            .Where(e => e.Conditions?.Ready != false)
            .SelectMany(e => e.Addresses.Select(a => IPAddress.TryParse(a, out var address) ? new EndpointView(address, ports, e.Hostname) : null))
            .OfType<EndpointView>();
    }
}
