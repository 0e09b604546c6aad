using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>Decides about each listener of a Gateway of ours (Gateway API v1, ListenerStatus).</summary>
internal sealed class ListenerPlanner(MeshIndex index, GatewaySource gateway, GatewayRole role, HashSet<ObjectKey> dependencies)
{
    private readonly CertificateCheck _certificates = new(index, gateway.Meta.Namespace, dependencies);

    public ImmutableArray<ListenerPlan> All()
    {
        var rivals = FindRivals(gateway.Listeners);
        return [.. gateway.Listeners.Select((l, i) => Plan(l, rivals[i]))];
    }

    private ListenerPlan Plan(ListenerSource listener, ListenerSource? rival)
    {
        var conflicted = Conflicted(listener, rival);
        var (tls, secrets, problem, authorityMissing) = listener.Tls is null || listener.Protocol is "HTTP" or "TCP" or "HBONE" ? (null, [], null, null) : Tls(listener, listener.Tls);
        var accepted = authorityMissing is { } missing ? Condition.False(Condition.Accepted, "NoValidCACertificate", missing) : Accepted(listener);
        var resolved = Kinds(listener) ?? problem ?? Condition.True(Condition.ResolvedRefs, "ResolvedRefs", "nothing is missing");
        return new ListenerPlan(
            listener,
            (accepted.Status == "True" || authorityMissing is not null) && conflicted.Status == "False",
            authorityMissing ?? (secrets.IsEmpty ? problem?.Message : null),
            tls,
            secrets,
            [accepted, conflicted, resolved]);
    }

    private Condition Accepted(ListenerSource listener) =>
        !RouteKinds.IsSupported(role, listener.Protocol)
            ? Condition.False(Condition.Accepted, "UnsupportedProtocol", $"{listener.Protocol} is no protocol of class {gateway.Class}; {Expected}")
        : role == GatewayRole.Waypoint && listener.Port != ProxyPorts.Hbone
            ? Condition.False(Condition.Accepted, "PortUnavailable", $"a waypoint listens to port {ProxyPorts.Hbone} only, not to {listener.Port}")
        : role != GatewayRole.Waypoint && listener.Protocol != "HBONE" && ReservedPorts.Contains(listener.Port)
            ? Condition.False(Condition.Accepted, "PortUnavailable", $"port {listener.Port} is the gateway's own; use another")
        : listener.Protocol == "HTTPS" && listener.Tls?.Mode == "Passthrough"
            ? Condition.False(Condition.Accepted, "UnsupportedValue", "an HTTPS listener ends TLS; for mode Passthrough use protocol TLS")
        : listener.Protocol == "HTTPS" && listener.Tls is null
            ? Condition.False(Condition.Accepted, "UnsupportedValue", "an HTTPS listener needs tls with certificateRefs")
        : listener.Protocol == "TLS" && listener.Tls is null
            ? Condition.False(Condition.Accepted, "UnsupportedValue", "a TLS listener needs tls: mode Passthrough, or certificateRefs")
        : Condition.True(Condition.Accepted, "Accepted", "the listener is valid");

    public static ImmutableArray<int> ReservedPorts { get; } = [ProxyPorts.Hbone, 15000, 15020, 15021];

    private string Expected => role switch
    {
        GatewayRole.Waypoint => "use HBONE on port 15008",
        GatewayRole.EastWest => "use HBONE or TLS",
        _ => "use HTTP, HTTPS, TLS or TCP",
    };

    private Condition? Kinds(ListenerSource listener)
    {
        var possible = RouteKinds.OfProtocol(role, listener);
        return listener.Kinds.FirstOrDefault(k => !possible.Contains(k)) is { } wrong
            ? Condition.False(Condition.ResolvedRefs, "InvalidRouteKinds", possible.IsEmpty
                ? $"{wrong} is no route that it takes; routes of a waypoint attach to Services"
                : $"{wrong} is no route that {listener.Protocol} takes; it takes {string.Join(", ", possible.Select(RouteKinds.Short))}")
            : null;
    }

    /// <summary>The TLS to serve with what could be found, the first thing that could not, and why there is no authority where one is needed.</summary>
    private (ListenerTls? Tls, ImmutableArray<SecretSource> Secrets, Condition? Problem, string? AuthorityMissing) Tls(ListenerSource listener, ListenerTlsSource tls)
    {
        if (tls.Mode == "Passthrough")
        {
            return (null, [], null, null);
        }

        Condition? problem = null;
        var secrets = ImmutableArray.CreateBuilder<SecretSource>();
        foreach (var r in tls.Certificates)
        {
            var (secret, reason, message) = _certificates.Certificate(r);
            if (secret is not null)
            {
                secrets.Add(secret);
            }
            else
            {
                problem ??= Condition.False(Condition.ResolvedRefs, reason, message);
            }
        }

        if (tls.Certificates.IsEmpty)
        {
            problem = Condition.False(Condition.ResolvedRefs, "InvalidCertificateRef", "tls.certificateRefs: names no certificate");
        }

        var clients = gateway.ClientsOf(listener);
        string authorities = "";
        foreach (var r in clients?.Authorities ?? [])
        {
            var (pem, reason, message) = _certificates.Authority(r);
            authorities += pem is null ? "" : pem.EndsWith('\n') ? pem : pem + "\n";
            problem ??= pem is null ? Condition.False(Condition.ResolvedRefs, reason, message) : null;
        }

        var served = new ListenerTls
        {
            Certificates = [.. secrets.Select(s => GatewayCertificate.KeyOf(Name, Named(s)))],
            ClientVerification = clients is null ? ClientVerification.None : clients.InsecureFallback ? ClientVerification.Optional : ClientVerification.Required,
            ClientCa = authorities,
            MinVersion = tls.MinVersion == "1.3" ? ListenerTlsVersion.Tls13 : ListenerTlsVersion.Tls12,
        };
        string? missing = clients is { InsecureFallback: false } && authorities.Length == 0 ? "no certificate of an authority for clients could be found; see ResolvedRefs" : null;
        return (served, secrets.ToImmutable(), problem, missing);
    }

    private NamespacedName Name => new(gateway.Meta.Namespace, gateway.Meta.Name);

    private static NamespacedName Named(SecretSource s) => new(s.Meta.Namespace, s.Meta.Name);

    private static Condition Conflicted(ListenerSource listener, ListenerSource? rival) =>
        rival is not { } earlier
            ? Condition.False(Condition.Conflicted, "NoConflicts", "no other listener has the same port and host")
            : earlier.Name != listener.Name && Family(earlier.Protocol) != Family(listener.Protocol)
                ? Condition.True(Condition.Conflicted, "ProtocolConflict", $"listener {earlier.Name} has port {listener.Port} with another protocol")
                : Condition.True(Condition.Conflicted, "HostnameConflict", $"listener {earlier.Name} comes first with the same name, or port and host");

    /// <summary>For each listener the first earlier one that cannot stand beside it and has no rival itself.</summary>
    private static ListenerSource?[] FindRivals(ImmutableArray<ListenerSource> listeners)
    {
        var rivals = new ListenerSource?[listeners.Length];
        for (int i = 0; i < listeners.Length; i++)
        {
            var listener = listeners[i];
            rivals[i] = listeners.Take(i).Where((l, at) => rivals[at] is null && Clash(l, listener)).FirstOrDefault();
        }

        return rivals;
    }

    private static bool Clash(ListenerSource a, ListenerSource b) => a.Name == b.Name || (a.Port == b.Port
        && (Family(a.Protocol) != Family(b.Protocol) || a.Protocol == "TCP" || string.Equals(a.Hostname, b.Hostname, StringComparison.Ordinal)));

    /// <summary>HTTPS and TLS can share a port: server names tell them apart.</summary>
    private static string Family(string protocol) => protocol == "HTTPS" ? "TLS" : protocol;
}
