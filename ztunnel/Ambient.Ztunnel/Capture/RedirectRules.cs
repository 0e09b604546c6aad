using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Core;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// The nftables program of a pod's netns, as text for one <c>nft -f -</c> transaction.
/// <code>
/// nat output      ours, and calls to oneself: as they are │ DNS → 15053 │ exclusions │ new connections → 15001
/// nat prerouting  ours, probes, 15008, exclusions: as they are          │ new connections → 15006
/// mangle          ours coming over lo: remember on the connection; replies of those: mark Reply, route to lo
/// raw             the DNS proxy's own queries in a conntrack zone of their own
/// </code>
/// REDIRECT only takes real SYNs: conntrack, which starts with these rules, thinks the pod's older connections new
/// and would reset them. The chains are made before and kept by <see cref="Release"/>: without a nat hook conntrack no
/// longer translates, so captured connections would be reset.
/// </summary>
internal static class RedirectRules
{
    internal const string Table = "inet ambient";

    private const string NewConnection = "tcp flags & (fin|syn|rst|ack) == syn";

    private const string Chains =
        $$"""
        table {{Table}} {
          chain nat-prerouting { type nat hook prerouting priority -100; policy accept; }
          chain nat-output { type nat hook output priority -100; policy accept; }
          chain mangle-prerouting { type filter hook prerouting priority -150; policy accept; }
          chain mangle-output { type route hook output priority -150; policy accept; }
          chain raw-prerouting { type filter hook prerouting priority -300; policy accept; }
          chain raw-output { type filter hook output priority -300; policy accept; }
        }

        """;

    /// <summary>Makes or replaces everything; connections captured before stay so.</summary>
    internal static string Install(RedirectPlan plan)
    {
        var text = new StringBuilder(Chains).Append("flush table ").AppendLine(Table);
        text.AppendLine(CultureInfo.InvariantCulture, $"table {Table} {{");
        Chain(text, "nat-output", NatOutput(plan));
        Chain(text, "nat-prerouting", NatPrerouting(plan));
        Chain(text, "mangle-prerouting", [$"meta mark {plan.Marks.Proxy} counter ct mark set {plan.Marks.Reply}"]);
        Chain(text, "mangle-output",
            [$"meta mark != {plan.Marks.Proxy} ct mark {plan.Marks.Reply} counter meta mark set {plan.Marks.Reply}"]);
        if (plan.Dns)
        {
            Chain(text, "raw-output", [$"meta mark {plan.Marks.Proxy} udp dport 53 counter ct zone set 1"]);
            Chain(text, "raw-prerouting", [$"meta mark != {plan.Marks.Proxy} udp sport 53 counter ct zone set 1"]);
        }

        return text.AppendLine("}").ToString();
    }

    /// <summary>Captures no more; the empty nat chains stay for the connections that are captured already.</summary>
    internal static string Release() => $"""
        {Chains}flush chain {Table} nat-output
        flush chain {Table} nat-prerouting

        """;

    /// <summary>The last captured connection has ended: nothing of ours stays.</summary>
    internal static string Remove() => $"table {Table} {{ }}\ndelete table {Table}\n";

    private static IEnumerable<string> NatOutput(RedirectPlan plan)
    {
        yield return $"meta mark {{ {plan.Marks.Proxy}, {plan.Marks.Reply} }} counter accept";
        yield return "oifname \"lo\" counter accept";
        if (plan.Dns)
        {
            yield return $"udp dport 53 counter redirect to :{ProxyPorts.Dns}";
            yield return $"tcp dport 53 {NewConnection} counter redirect to :{ProxyPorts.Dns}";
        }

        foreach (string exclusion in Exclusions(plan))
        {
            yield return exclusion;
        }

        yield return $"{NewConnection} counter redirect to :{ProxyPorts.OutboundCapture}";
    }

    private static IEnumerable<string> Exclusions(RedirectPlan plan)
    {
        if (!plan.ExcludedOutboundPorts.IsEmpty)
        {
            yield return $"tcp dport {Ports(plan.ExcludedOutboundPorts)} counter accept";
        }

        foreach (IPNetwork range in plan.ExcludedOutboundRanges)
        {
            string family = range.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? "ip6" : "ip";
            yield return $"{family} daddr {range} counter accept";
        }
    }

    // Forwarded packets (a bridge inside the pod) are not the pod's own inbound and pass.
    private static IEnumerable<string> NatPrerouting(RedirectPlan plan)
    {
        if (!plan.Inbound)
        {
            yield break;
        }

        yield return $"meta mark {{ {plan.Marks.Proxy}, {plan.Marks.Reply} }} counter accept";
        yield return $"ip saddr {ProbeAddress.V4} tcp dport 0-65535 counter accept";
        yield return $"ip6 saddr {ProbeAddress.V6} tcp dport 0-65535 counter accept";
        yield return $"tcp dport {ProxyPorts.Hbone} counter accept";
        if (!plan.ExcludedInboundPorts.IsEmpty)
        {
            yield return $"tcp dport {Ports(plan.ExcludedInboundPorts)} counter accept";
        }

        yield return $"fib daddr type local {NewConnection} counter redirect to :{ProxyPorts.InboundPlaintext}";
    }

    private static string Ports(ImmutableArray<ushort> ports) =>
        $"{{ {string.Join(", ", ports.Distinct().Order())} }}";

    private static void Chain(StringBuilder text, string name, IEnumerable<string> rules)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"  chain {name} {{");
        foreach (string rule in rules)
        {
            text.Append("    ").AppendLine(rule);
        }

        text.AppendLine("  }");
    }
}
