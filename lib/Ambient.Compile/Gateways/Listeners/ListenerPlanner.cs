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
    private readonly CertificateCheck _authorities = new(index, gateway.Meta.Namespace, dependencies);
    private readonly ImmutableArray<ListenerSetSource> _sets = ListenerSets.Of(index, gateway, role);
    private ListenerRivals? _rivals;

    /// <summary>The Gateway's own listeners, then those of its ListenerSets, unless nothing of its own is valid.</summary>
    public ImmutableArray<ListenerPlan> All()
    {
        var own = Plans(gateway.Listeners);
        return own.IsEmpty || own.Any(static p => p.IsValid) ? [.. own, .. _sets.SelectMany(s => Plans(s.Listeners))] : own;
    }

    public ImmutableArray<ListenerPlan> Own() => Plans(gateway.Listeners);

    /// <summary>Those of a ListenerSet that the Gateway takes.</summary>
    public ImmutableArray<ListenerPlan> Of(ListenerSetSource set) => Plans(set.Listeners);

    public bool HasSets => !_sets.IsEmpty;

    private ListenerRivals Rivals => _rivals ??= new ListenerRivals([.. gateway.Listeners, .. _sets.SelectMany(static s => s.Listeners)]);

    private ImmutableArray<ListenerPlan> Plans(ImmutableArray<ListenerSource> listeners) => [.. listeners.Select(Plan)];

    private ListenerPlan Plan(ListenerSource listener)
    {
        var conflicted = Conflicted(listener, Rivals.Of(listener));
        var (tls, secrets, problem, authorityMissing) = listener.Tls is null || listener.Protocol is "HTTP" or "TCP" or "UDP" or "HBONE" ? (null, [], null, null) : Tls(listener, listener.Tls);
        // A listener of a set says in each condition that it lost (conformance); one of a Gateway is valid by itself.
        var accepted = listener.IsOfSet && conflicted.Status == "True" ? Condition.False(Condition.Accepted, conflicted.Reason, conflicted.Message)
            : Rivals.IsBeyond(listener) ? Condition.False(Condition.Accepted, "TooManyListeners", $"a Gateway has at most {ListenerRivals.Most} listeners")
            : authorityMissing is { } missing ? Condition.False(Condition.Accepted, "NoValidCACertificate", missing)
            : Accepted(listener);
        var resolved = Kinds(listener) ?? problem ?? Condition.True(Condition.ResolvedRefs, "ResolvedRefs", "nothing is missing");
        return new ListenerPlan(
            listener,
            (accepted.Status == "True" || accepted.Reason == "NoValidCACertificate") && conflicted.Status == "False",
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
        : listener.Port is < 1 or > ushort.MaxValue
            ? Condition.False(Condition.Accepted, "PortUnavailable", "the listener has no port; no port is chosen for it")
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
        _ => "use HTTP, HTTPS, TLS, TCP or UDP",
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
        // What a listener refers to is its owner's business, what is asked of clients the Gateway's.
        var certificates = new CertificateCheck(index, listener.Owner.Namespace, dependencies, listener.IsOfSet ? "ListenerSet" : "Gateway");
        var secrets = ImmutableArray.CreateBuilder<SecretSource>();
        foreach (var r in tls.Certificates)
        {
            var (secret, reason, message) = certificates.Certificate(r);
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
            var (pem, reason, message) = _authorities.Authority(r);
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

    private static Condition Conflicted(ListenerSource listener, ListenerSource? rival)
    {
        if (rival is not { } earlier)
        {
            return Condition.False(Condition.Conflicted, "NoConflicts", "no other listener has the same port and host");
        }

        // Who writes a ListenerSet need not know what others of the Gateway are called.
        string who = earlier.Owner == listener.Owner ? $"listener {earlier.Name}" : "a listener that comes before it, of the Gateway or of another ListenerSet,";
        return (earlier.Owner, earlier.Name) != (listener.Owner, listener.Name) && ListenerRivals.Family(earlier.Protocol) != ListenerRivals.Family(listener.Protocol)
            ? Condition.True(Condition.Conflicted, "ProtocolConflict", $"{who} has port {listener.Port} with another protocol")
            : earlier.Owner == listener.Owner
                ? Condition.True(Condition.Conflicted, "HostnameConflict", $"{who} comes first with the same name, or port and host")
                : Condition.True(Condition.Conflicted, "HostnameConflict", $"{who} has the same port and host");
    }
}
