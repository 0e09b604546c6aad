using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Lab.Network;

/// <summary>
/// A small kube-proxy: writes the nftables transactions that keep a node's tables in step with the services. One verdict map
/// leads from (ClusterIP, protocol, port) to a chain of its own that picks an endpoint; a change touches only its own chains.
/// ClusterIP traffic that found no endpoint is rejected. A pod that reaches itself through its service is masqueraded.
/// </summary>
internal sealed class ServiceRules
{
    /// <summary>Tables and hooks, without services. Prerouting sees the pods' connections, output those of the node itself.</summary>
    public static readonly string Ground = Table("ip", "ipv4_addr", NetworkPlan.Services4) + Table("ip6", "ipv6_addr", NetworkPlan.Services6);

    private readonly Dictionary<VipKey, (string Chain, string Rule)> programmed = [];
    private HashSet<IPAddress> pods = [];
    private int lastChain;

    /// <summary>The transaction from what was programmed last to these services and pod addresses; empty when nothing changed.</summary>
    public string Update(IReadOnlyCollection<ServiceView> services, IReadOnlySet<IPAddress> podAddresses)
    {
        var wanted = Wanted(services);
        var text = new StringBuilder();
        foreach (var (key, (chain, _)) in programmed.Where(p => !wanted.ContainsKey(p.Key)).ToArray())
        {
            Line(text, $"delete element {key.Table} kube vips {{ {key.Element} }}");
            Line(text, $"flush chain {key.Table} kube {chain}");
            Line(text, $"delete chain {key.Table} kube {chain}");
            programmed.Remove(key);
        }

        foreach (var (key, rule) in wanted)
        {
            Programme(text, key, rule);
        }

        Elements(text, "delete", pods.Except(podAddresses));
        Elements(text, "add", podAddresses.Except(pods));
        pods = [.. podAddresses];
        return text.ToString();
    }

    /// <summary>Everything from nothing, for a node that has just come or whose rules are in doubt.</summary>
    public string Full()
    {
        var text = new StringBuilder("add table ip kube\ndelete table ip kube\nadd table ip6 kube\ndelete table ip6 kube\n").Append(Ground);
        foreach (var (key, (chain, rule)) in programmed)
        {
            Line(text, $"add chain {key.Table} kube {chain}");
            Line(text, $"add rule {key.Table} kube {chain} {rule}");
            Line(text, $"add element {key.Table} kube vips {{ {key.Element} : goto {chain} }}");
        }

        Elements(text, "add", pods);
        return text.ToString();
    }

    private void Programme(StringBuilder text, VipKey key, string rule)
    {
        if (programmed.TryGetValue(key, out var present))
        {
            if (present.Rule != rule)
            {
                Line(text, $"flush chain {key.Table} kube {present.Chain}");
                Line(text, $"add rule {key.Table} kube {present.Chain} {rule}");
                programmed[key] = (present.Chain, rule);
            }

            return;
        }

        var chain = string.Create(CultureInfo.InvariantCulture, $"s{++lastChain}");
        Line(text, $"add chain {key.Table} kube {chain}");
        Line(text, $"add rule {key.Table} kube {chain} {rule}");
        Line(text, $"add element {key.Table} kube vips {{ {key.Element} : goto {chain} }}");
        programmed[key] = (chain, rule);
    }

    private static Dictionary<VipKey, string> Wanted(IReadOnlyCollection<ServiceView> services)
    {
        var wanted = new Dictionary<VipKey, string>();
        foreach (var service in services)
        {
            foreach (var vip in service.ClusterIps)
            {
                foreach (var port in service.Ports)
                {
                    var targets = Targets(service, vip.AddressFamily, port.Name);
                    if (targets.Count > 0)
                    {
                        wanted[new VipKey(vip, port.Protocol, port.Port)] = Rule(vip, port.Protocol, service.Sticky, targets);
                    }
                }
            }
        }

        return wanted;
    }

    private static List<(IPAddress Address, int Port)> Targets(ServiceView service, AddressFamily family, string port) =>
        [.. service.Endpoints
            .Where(e => e.Address.AddressFamily == family && e.Ports.ContainsKey(port))
            .Select(e => (e.Address, e.Ports[port]))
            .Distinct()
            .OrderBy(t => t.Address.ToString(), StringComparer.Ordinal)];

    private static string Rule(IPAddress vip, string protocol, bool sticky, List<(IPAddress Address, int Port)> targets)
    {
        var family = vip.AddressFamily == AddressFamily.InterNetworkV6 ? "ip6" : "ip";
        if (targets.Count == 1)
        {
            return $"meta l4proto {protocol} dnat {family} to {new IPEndPoint(targets[0].Address, targets[0].Port)}";
        }

        var text = new StringBuilder();
        Append(text, $"meta l4proto {protocol} dnat {family} addr . port to ");
        if (sticky)
        {
            Append(text, $"jhash {family} saddr mod {targets.Count} seed 0x616d6269 map {{ ");
        }
        else
        {
            Append(text, $"numgen random mod {targets.Count} map {{ ");
        }

        for (var i = 0; i < targets.Count; i++)
        {
            Append(text, $"{(i == 0 ? "" : ", ")}{i} : {targets[i].Address} . {targets[i].Port}");
        }

        return text.Append(" }").ToString();
    }

    private static void Elements(StringBuilder text, string verb, IEnumerable<IPAddress> addresses)
    {
        foreach (var address in addresses)
        {
            var table = address.AddressFamily == AddressFamily.InterNetworkV6 ? "ip6" : "ip";
            Line(text, $"{verb} element {table} kube self {{ {address} . {address} }}");
        }
    }

    private static string Table(string family, string type, IPNetwork services) =>
        $$"""
        table {{family}} kube {
          map vips {
            type {{type}} . inet_proto . inet_service : verdict
          }
          set self {
            type {{type}} . {{type}}
          }
          chain prerouting {
            type nat hook prerouting priority -100
            {{family}} daddr . meta l4proto . th dport vmap @vips
          }
          chain output {
            type nat hook output priority -100
            {{family}} daddr . meta l4proto . th dport vmap @vips
          }
          chain postrouting {
            type nat hook postrouting priority 100
            ct status dnat {{family}} saddr . {{family}} daddr @self masquerade
          }
          chain rejected {
            {{family}} daddr {{services}} reject
          }
          chain forward {
            type filter hook forward priority 0
            jump rejected
          }
          chain filter-output {
            type filter hook output priority 0
            jump rejected
          }
        }

        """;

    private static void Append(StringBuilder text, FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private readonly record struct VipKey(IPAddress Address, string Protocol, int Port)
    {
        public string Table => Address.AddressFamily == AddressFamily.InterNetworkV6 ? "ip6" : "ip";

        public string Element => string.Create(CultureInfo.InvariantCulture, $"{Address} . {Protocol} . {Port}");
    }
}
