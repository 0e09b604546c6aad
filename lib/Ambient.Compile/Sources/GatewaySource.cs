using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>A Gateway (Gateway API), narrowed. Addresses: as its status gives them.</summary>
internal sealed record GatewaySource(
    SourceMeta Meta, string Class, string WaypointFor, ImmutableArray<string> Addresses, ImmutableArray<ListenerSource> Listeners)
{
    /// <summary>The Service that runs it, where the spec names one by its host name (manual deployment); null when it is made for it.</summary>
    public ObjectKey? ServiceByHand { get; init; }

    public static GatewaySource Read(JsonView o, ObjectKey key)
    {
        var meta = SourceMeta.Read(o, key);
        return new GatewaySource(
            meta,
            o["spec"].Text("gatewayClassName"),
            meta.Label("ambient.dev/waypoint-for") is { Length: > 0 } ours ? ours : meta.Label("istio.io/waypoint-for"),
            [.. o["status"].List("addresses").Select(static a => a.Text("value")).Where(static v => v.Length > 0)],
            [.. o["spec"].List("listeners").Select(ListenerSource.Read)])
        {
            ServiceByHand = o["spec"].List("addresses").Where(static a => a.Text("type") == "Hostname").Select(static a => a.Text("value"))
                .Where(static v => v.Length > 0).Select(v => (ObjectKey?)Service(v, key.Namespace)).FirstOrDefault(),
        };
    }

    private static ObjectKey Service(string host, string @namespace) =>
        host.Split('.') is [var name, var other, ..] ? new ObjectKey(KnownKinds.Service, other, name) : new ObjectKey(KnownKinds.Service, @namespace, host);

    /// <summary>True when those that are bound to it as a waypoint see no difference.</summary>
    public bool Same(GatewaySource? other) =>
        other is not null && Class == other.Class && WaypointFor == other.WaypointFor && Addresses.SequenceEqual(other.Addresses);
}
