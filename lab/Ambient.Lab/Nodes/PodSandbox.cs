using System.Globalization;
using System.Text;
using Ambient.Lab.Network;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Nodes;

/// <summary>A pod's network namespace, folder, hosts file and resolv.conf; and the CNI plugin's part.</summary>
internal sealed class PodSandbox
{
    private readonly NodeContext node;
    private readonly LabPod pod;
    private bool captured;

    public PodSandbox(NodeContext node, LabPod pod)
    {
        this.node = node;
        this.pod = pod;
        Directory = Path.Combine(node.Directory, "pods", pod.Metadata.Uid!);
        if (pod.Spec.HostNetwork)
        {
            Network = new PodNetwork(node.Network.NodeNetns(node.Number), node.NetnsPath, "", 0, node.NodeAddresses);
        }
        else
        {
            var index = node.Addresses.Take();
            var name = $"{node.Network.OuterName}-pod-{pod.Metadata.Uid}";
            var link = string.Create(CultureInfo.InvariantCulture, $"pod{index}");
            Network = new PodNetwork(name, Netns.PathOf(name), link, index, node.Network.Plan.PodAddresses(node.Number, index));
        }
    }

    public PodNetwork Network { get; }

    public string Directory { get; }

    /// <summary>The namespace is there.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Idempotent.</summary>
    public async Task CreateAsync()
    {
        if (IsUp)
        {
            return;
        }

        var etc = System.IO.Directory.CreateDirectory(Path.Combine(Directory, "etc")).FullName;
        await File.WriteAllTextAsync(Path.Combine(etc, "hosts"), Hosts()).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(etc, "resolv.conf"), Resolver()).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(etc, "hostname"), HostName + "\n").ConfigureAwait(false);
        if (Network.IsOwn)
        {
            await node.Network.AddPodAsync(Network.NetnsName, node.Number, Network.Index, Network.Link).ConfigureAwait(false);
            await Netns.SetAsync(Network.NetnsPath, pod.Spec.SecurityContext?.Sysctls ?? []).ConfigureAwait(false);
        }

        IsUp = true;
    }

    public string HostName => pod.Spec.HostNetwork ? node.Name : Short(pod.Spec.Hostname is { Length: > 0 } name ? name : pod.Metadata.Name);

    /// <summary>Tells the CNI plugin of the pod and waits for its word. Idempotent.</summary>
    /// <exception cref="NotYetException">The plugin failed; it is asked again.</exception>
    public async Task CaptureAsync()
    {
        // The plugin would let these pass too, but only after it has waited for a ztunnel that waits for them.
        if (captured || !Network.IsOwn || pod.Metadata.Namespace is "ambient-system" or "kube-system" || !node.Cni.IsInstalled)
        {
            return;
        }

        if (await node.Cni.RunAsync("ADD", pod, Network).ConfigureAwait(false) is { } error)
        {
            throw new NotYetException("FailedCreatePodSandBox", $"plugin type=\"ambient-cni\" failed (add): {error}");
        }

        captured = true;
    }

    public async Task RemoveAsync()
    {
        if (IsUp && Network.IsOwn)
        {
            if (node.Cni.IsInstalled)
            {
                _ = await node.Cni.RunAsync("DEL", pod, Network).ConfigureAwait(false);
            }

            await node.Network.RemovePodAsync(Network.NetnsName, node.Number, Network.Link).ConfigureAwait(false);
        }

        if (Network.IsOwn)
        {
            node.Addresses.Return(Network.Index);
        }

        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private static string Short(string name) => name.Length > 63 ? name[..63].TrimEnd('-', '.') : name;

    private string Hosts()
    {
        var text = new StringBuilder("# made by the lab\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        foreach (var address in Network.Addresses)
        {
            var full = pod.Spec is { Hostname: { Length: > 0 } host, Subdomain: { Length: > 0 } domain }
                ? $"{host}.{domain}.{pod.Metadata.Namespace}.svc.cluster.local\t" : "";
            text.Append(CultureInfo.InvariantCulture, $"{address}\t{full}{HostName}\n");
        }

        foreach (var alias in pod.Spec.HostAliases)
        {
            text.Append(CultureInfo.InvariantCulture, $"{alias.Ip}\t{string.Join('\t', alias.Hostnames)}\n");
        }

        return text.ToString();
    }

    private string Resolver()
    {
        var text = new StringBuilder();
        foreach (var server in node.Network.Plan.DnsServices)
        {
            text.Append(CultureInfo.InvariantCulture, $"nameserver {server}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"search {pod.Metadata.Namespace}.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n").ToString();
    }
}
