using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// The one program in the node's own netns: connections that the kubelet's user opens from here to an enrolled pod carry
/// <see cref="ProbeAddress"/> as their source, so that probes pass even where plaintext is denied. Forwarded packets have no
/// socket here, so their <c>skuid</c> never matches. Before kube-proxy's masquerade (100), which else takes the packet.
/// </summary>
internal static class ProbeRules
{
    internal const string Table = "inet ambient-probes";

    /// <summary>Makes or replaces everything for the given pod addresses.</summary>
    internal static string Install(int kubeletUser, IReadOnlyCollection<IPAddress> pods)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            table {{Table}} {
              set pods4 { type ipv4_addr; }
              set pods6 { type ipv6_addr; }
              chain postrouting { type nat hook postrouting priority 95; policy accept; }
            }
            flush table {{Table}}
            flush set {{Table}} pods4
            flush set {{Table}} pods6
            add rule {{Table}} postrouting meta skuid {{kubeletUser}} meta l4proto tcp ip daddr @pods4 counter snat ip to {{ProbeAddress.V4}}
            add rule {{Table}} postrouting meta skuid {{kubeletUser}} meta l4proto tcp ip6 daddr @pods6 counter snat ip6 to {{ProbeAddress.V6}}
            """);
        Elements(text, "pods4", pods.Where(a => a.AddressFamily == AddressFamily.InterNetwork));
        Elements(text, "pods6", pods.Where(a => a.AddressFamily == AddressFamily.InterNetworkV6));
        return text.ToString();
    }

    private static void Elements(StringBuilder text, string set, IEnumerable<IPAddress> addresses)
    {
        string list = string.Join(", ", addresses.Select(a => a.ToString()).Distinct());
        if (list.Length > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"add element {Table} {set} {{ {list} }}");
        }
    }
}
