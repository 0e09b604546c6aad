using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Names;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Ztunnel.Dns;

/// <summary>What the mesh knows of a name: addresses of the family asked for, and the name they belong to when it is another.</summary>
internal sealed record MeshAnswer(string? Alias, ImmutableArray<IPAddress> Addresses);

/// <summary>
/// Names of mesh services, as a pod of a namespace sees them. Pure. A name that a resolver made by its search list is recognised
/// as what was meant, so that a declared outside host needs one question and not one for each search domain.
/// </summary>
internal static class MeshNames
{
    /// <returns>Null when the mesh has no say: the question goes to the pod's nameserver.</returns>
    internal static MeshAnswer? Find(MeshSnapshot snapshot, string clientNamespace, string network, ResolvConf resolver, string name, DnsType type)
    {
        if (type is not (DnsType.A or DnsType.Aaaa))
        {
            return null;
        }

        if (ServiceOf(snapshot, clientNamespace, name) is { } exact)
        {
            return Answer(snapshot, exact, network, null, type);
        }

        foreach (string domain in resolver.Search)
        {
            if (Stripped(name, domain) is { } meant && meant.Count(c => c == '.') < resolver.Ndots
                && ServiceOf(snapshot, clientNamespace, meant) is { } service)
            {
                return Answer(snapshot, service, network, meant, type);
            }
        }

        return null;
    }

    private static MeshService? ServiceOf(MeshSnapshot snapshot, string clientNamespace, string name)
    {
        if (snapshot.ServiceByHostname(name, clientNamespace) is { } service)
        {
            return service;
        }

        // *.example.com also stands for a.b.example.com.
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (snapshot.ServiceByHostname(string.Concat("*", name.AsSpan(dot)), clientNamespace) is { } wildcard)
            {
                return wildcard;
            }
        }

        return null;
    }

    private static MeshAnswer? Answer(MeshSnapshot snapshot, MeshService service, string network, string? alias, DnsType type)
    {
        List<IPAddress> known = [.. service.Addresses
            .Where(a => a.Network == network && a.PrefixLength is null)
            .Select(a => a.Address)];
        if (service.Addresses.IsEmpty)
        {
            known.AddRange(snapshot.EndpointsOf(service.Key)
                .Where(w => w.Network == network && w.Health == WorkloadHealth.Healthy)
                .SelectMany(w => w.Addresses));
        }

        // Without any address (an outside host that is resolved by DNS) the mesh cannot answer.
        if (known.Count == 0)
        {
            return null;
        }

        AddressFamily family = type == DnsType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        IPAddress[] answers = [.. known.Where(a => a.AddressFamily == family).Distinct()];
        Random.Shared.Shuffle(answers);
        return new MeshAnswer(alias, [.. answers]);
    }

    private static string? Stripped(string name, string domain) =>
        name.Length > domain.Length + 1 && name[^(domain.Length + 1)] == '.' && name.EndsWith(domain, StringComparison.Ordinal)
            ? name[..^(domain.Length + 1)]
            : null;
}
