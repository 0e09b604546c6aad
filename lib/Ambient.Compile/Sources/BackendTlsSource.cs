using System.Collections.Immutable;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Sources;

/// <summary>A BackendTLSPolicy (Gateway API v1): the services that are spoken to by TLS, and how their certificates are judged.</summary>
/// <param name="Names">Subject alternative names, one of which must be there; empty: the hostname.</param>
/// <param name="Problem">Why it cannot be used whatever it refers to; null: it can.</param>
internal sealed record BackendTlsSource(
    SourceMeta Meta, ImmutableArray<(ObjectKey Target, string Section)> Targets, ImmutableArray<ObjectRef> Authorities, bool SystemRoots, string Hostname, ImmutableArray<string> Names, string? Problem)
{
    public static BackendTlsSource Read(JsonView o, ObjectKey key)
    {
        var spec = o["spec"];
        var validation = spec["validation"];
        ImmutableArray<ObjectRef> authorities = [.. validation.List("caCertificateRefs").Select(r => ObjectRef.Read(r, key.Namespace, KnownKinds.ConfigMap) with { Namespace = key.Namespace })];
        string wellKnown = validation.Text("wellKnownCACertificates");
        string hostname = validation.Text("hostname").ToLowerInvariant();
        var targets = spec.List("targetRefs").Select(t => (Key: Target(t, key.Namespace), Section: t.Text("sectionName"))).ToList();
        return new BackendTlsSource(
            SourceMeta.Read(o, key),
            [.. targets.Where(static t => t.Key is not null).Select(static t => (t.Key!.Value, t.Section))],
            authorities,
            wellKnown == "System",
            hostname,
            [.. validation.List("subjectAltNames").Select(static n => n.Text("type") == "URI" ? n.Text("uri") : n.Text("hostname")).Where(static n => n.Length > 0)],
            targets.Count == 0 || targets.Exists(static t => t.Key is null) ? "spec.targetRefs: name Services"
                : hostname.Length == 0 ? "spec.validation.hostname: is required"
                : authorities.IsEmpty == (wellKnown.Length == 0) ? "spec.validation: needs either caCertificateRefs or wellKnownCACertificates"
                : wellKnown is not ("" or "System") ? $"spec.validation.wellKnownCACertificates: '{wellKnown}' is not System"
                : null);
    }

    /// <summary>As it is written in a status.</summary>
    public static ParentRef Reference(ObjectKey target) => target.Kind == KnownKinds.Service
        ? new ParentRef("", "Service", target.Namespace, target.Name, null, null)
        : new ParentRef(target.Kind[..target.Kind.IndexOf('/', StringComparison.Ordinal)], target.Kind[(target.Kind.IndexOf('/', StringComparison.Ordinal) + 1)..], target.Namespace, target.Name, null, null);

    private static ObjectKey? Target(JsonView t, string @namespace) => (t.Text("group"), t.Text("kind")) switch
    {
        ("", "Service") => new ObjectKey(KnownKinds.Service, @namespace, t.Text("name")),
        ("networking.istio.io", "ServiceEntry") => new ObjectKey(KnownKinds.ServiceEntry, @namespace, t.Text("name")),
        _ => null,
    };
}
