using System.Collections.Immutable;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Sources;

/// <summary>
/// A Gateway (Gateway API), narrowed. Addresses: as its status gives them. <paramref name="PodLabels"/>: <c>infrastructure.labels</c>.
/// <paramref name="Clients"/>: <c>tls.frontend</c>, by port where one is named, 0 for the others.
/// </summary>
internal sealed record GatewaySource(
    SourceMeta Meta,
    string Class,
    string WaypointFor,
    ImmutableArray<string> Addresses,
    ImmutableArray<ListenerSource> Listeners,
    IReadOnlyDictionary<string, string> PodLabels,
    ImmutableSortedDictionary<int, FrontendValidation> Clients,
    ObjectRef? ClientCertificate)
{
    /// <summary>The Service that runs it, where the spec names one by its host name (manual deployment); null when it is made for it.</summary>
    public ObjectKey? ServiceByHand { get; init; }

    /// <summary>Addresses that the spec asks for; entries without a value ask for any.</summary>
    public ImmutableArray<(string Type, string Value)> Asked { get; init; } = [];

    /// <summary>Null where nothing is said, which lets none in.</summary>
    public AllowedListeners? AllowedListeners { get; init; }

    public static GatewaySource Read(JsonView o, ObjectKey key)
    {
        var meta = SourceMeta.Read(o, key);
        var spec = o["spec"];
        return new GatewaySource(
            meta,
            spec.Text("gatewayClassName"),
            meta.Label("ambient.dev/waypoint-for") is { Length: > 0 } ours ? ours : meta.Label("istio.io/waypoint-for"),
            [.. o["status"].List("addresses").Select(static a => a.Text("value")).Where(static v => v.Length > 0)],
            [.. spec.List("listeners").Select(l => ListenerSource.Read(l, key))],
            spec["infrastructure"].Map("labels"),
            ReadClients(spec["tls"]["frontend"], key.Namespace),
            Certificate(spec["tls"]["backend"], spec["backendTLS"], key.Namespace))
        {
            ServiceByHand = spec.List("addresses").Where(static a => a.Text("type") == "Hostname").Select(static a => a.Text("value"))
                .Where(static v => v.Length > 0).Select(v => (ObjectKey?)Service(v, key.Namespace)).FirstOrDefault(),
            Asked = [.. spec.List("addresses").Select(static a => (a.Text("type") is { Length: > 0 } type ? type : ReportedAddress.IpAddress, a.Text("value"))).Where(static a => a.Item2.Length > 0)],
            AllowedListeners = spec["allowedListeners"].Exists ? AllowedListeners.Read(spec["allowedListeners"]) : null,
        };
    }

    private static ObjectKey Service(string host, string @namespace) =>
        host.Split('.') is [var name, var other, ..] ? new ObjectKey(KnownKinds.Service, other, name) : new ObjectKey(KnownKinds.Service, @namespace, host);

    /// <summary>True when those that are bound to it as a waypoint see no difference.</summary>
    public bool Same(GatewaySource? other) =>
        other is not null && Class == other.Class && WaypointFor == other.WaypointFor && Addresses.SequenceEqual(other.Addresses);

    /// <summary>What is asked of the clients of a listener: its own word, its port's, or the Gateway's; null: nothing.</summary>
    public FrontendValidation? ClientsOf(ListenerSource listener) =>
        listener.Tls?.Clients ?? Clients.GetValueOrDefault(listener.Port) ?? Clients.GetValueOrDefault(0);

    private static ImmutableSortedDictionary<int, FrontendValidation> ReadClients(JsonView frontend, string @namespace)
    {
        var clients = ImmutableSortedDictionary.CreateBuilder<int, FrontendValidation>();
        if (FrontendValidation.Read(frontend["default"]["validation"], @namespace) is { } everywhere)
        {
            clients[0] = everywhere;
        }

        foreach (var port in frontend.List("perPort"))
        {
            if (FrontendValidation.Read(port["tls"]["validation"], @namespace) is { } here)
            {
                clients[port.Port("port")] = here;
            }
        }

        return clients.ToImmutable();
    }

    private static ObjectRef? Certificate(JsonView backend, JsonView old, string @namespace)
    {
        var r = backend["clientCertificateRef"].Exists ? backend["clientCertificateRef"] : old["clientCertificateRef"];
        return r.Exists ? ObjectRef.Read(r, @namespace, KnownKinds.Secret) : null;
    }
}
