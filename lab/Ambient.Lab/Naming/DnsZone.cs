using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Lab.Network;

namespace Ambient.Lab.Naming;

/// <summary>
/// The names of a cluster as the DNS specification of Kubernetes (1.1.0) gives them, under <c>cluster.local</c> and the
/// reverse zones of its addresses. Immutable; names are lower case without the last dot.
/// </summary>
internal sealed class DnsZone
{
    public const string Domain = "cluster.local";

    private readonly FrozenDictionary<string, ImmutableArray<DnsRecord>> records;
    private readonly FrozenSet<string> inner;

    private DnsZone(Dictionary<string, List<DnsRecord>> all)
    {
        records = all.ToFrozenDictionary(p => p.Key, p => p.Value.Distinct().ToImmutableArray(), StringComparer.Ordinal);
        var nodes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in all.Keys)
        {
            for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
            {
                nodes.Add(name[(dot + 1)..]);
            }
        }

        inner = nodes.ToFrozenSet(StringComparer.Ordinal);
    }

    public static DnsZone Empty { get; } = new([]);

    /// <summary>Records of a name; empty with <paramref name="exists"/> for a name that has only names below it.</summary>
    public ImmutableArray<DnsRecord> Find(string name, out bool exists)
    {
        if (records.TryGetValue(name, out var found))
        {
            exists = true;
            return found;
        }

        if (PodAddress(name) is { } address)
        {
            exists = true;
            return [new DnsRecord.Host(address)];
        }

        exists = inner.Contains(name);
        return [];
    }

    /// <summary>Names that lead to addresses outside the cluster.</summary>
    public static DnsZone Of(IReadOnlyDictionary<string, IPAddress> hosts) =>
        new(hosts.ToDictionary(h => h.Key.TrimEnd('.').ToLowerInvariant(), h => new List<DnsRecord> { new DnsRecord.Host(h.Value) }, StringComparer.Ordinal));

    public static DnsZone Of(IEnumerable<ServiceView> services)
    {
        var all = new Dictionary<string, List<DnsRecord>>(StringComparer.Ordinal);
        foreach (var service in services)
        {
            var name = $"{service.Name}.{service.Namespace}.svc.{Domain}".ToLowerInvariant();
            if (service.ExternalName is { Length: > 0 } target)
            {
                Add(all, name, new DnsRecord.Name(DnsType.Cname, target.TrimEnd('.').ToLowerInvariant()));
            }
            else if (service.ClusterIps.Length > 0)
            {
                AddClusterIp(all, name, service);
            }
            else
            {
                AddHeadless(all, name, service);
            }
        }

        Add(all, $"dns-version.{Domain}", new DnsRecord.Name(DnsType.Ptr, "1.1.0"));
        return new DnsZone(all);
    }

    /// <summary>The reverse-lookup name of an address.</summary>
    public static string ReverseName(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes[3]}.{bytes[2]}.{bytes[1]}.{bytes[0]}.in-addr.arpa");
        }

        var text = new StringBuilder(72);
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            text.Append(CultureInfo.InvariantCulture, $"{bytes[i] & 15:x}.{bytes[i] >> 4:x}.");
        }

        return text.Append("ip6.arpa").ToString();
    }

    private static void AddClusterIp(Dictionary<string, List<DnsRecord>> all, string name, ServiceView service)
    {
        foreach (var address in service.ClusterIps)
        {
            Add(all, name, new DnsRecord.Host(address));
            Add(all, ReverseName(address), new DnsRecord.Name(DnsType.Ptr, name));
        }

        foreach (var port in service.Ports.Where(p => p.Name.Length > 0))
        {
            Add(all, $"_{port.Name}._{port.Protocol}.{name}", new DnsRecord.Service(port.Port, name, 100));
        }
    }

    private static void AddHeadless(Dictionary<string, List<DnsRecord>> all, string name, ServiceView service)
    {
        all.TryAdd(name, []);
        foreach (var endpoint in service.Endpoints)
        {
            var host = $"{(endpoint.HostName ?? Dashed(endpoint.Address)).ToLowerInvariant()}.{name}";
            Add(all, name, new DnsRecord.Host(endpoint.Address));
            Add(all, host, new DnsRecord.Host(endpoint.Address));
            Add(all, ReverseName(endpoint.Address), new DnsRecord.Name(DnsType.Ptr, host));
            foreach (var port in service.Ports.Where(p => p.Name.Length > 0))
            {
                var number = endpoint.Ports.TryGetValue(port.Name, out var target) ? target : port.Port;
                Add(all, $"_{port.Name}._{port.Protocol}.{name}", new DnsRecord.Service(number, host, 100));
            }
        }
    }

    private static void Add(Dictionary<string, List<DnsRecord>> all, string name, DnsRecord record)
    {
        if (!all.TryGetValue(name, out var list))
        {
            all[name] = list = [];
        }

        list.Add(record);
    }

    private static string Dashed(IPAddress address) => address.ToString().Replace('.', '-').Replace(':', '-');

    // 10-244-1-5.NAMESPACE.pod.cluster.local answers with the address itself, as CoreDNS does with `pods insecure`.
    private static IPAddress? PodAddress(string name)
    {
        const string Suffix = ".pod." + Domain;
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = name[..^Suffix.Length].Split('.');
        if (parts.Length != 2)
        {
            return null;
        }

        var text = parts[0].Count(c => c == '-') == 3 && !parts[0].Contains("--", StringComparison.Ordinal)
            ? parts[0].Replace('-', '.')
            : parts[0].Replace('-', ':');
        return IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3) ? address : null;
    }
}
