using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>A Gateway (Gateway API), narrowed. Addresses: as its status gives them.</summary>
internal sealed record GatewaySource(
    SourceMeta Meta, string Class, string WaypointFor, ImmutableArray<string> Addresses, ImmutableArray<ListenerSource> Listeners)
{
    public static GatewaySource Read(JsonView o, ObjectKey key)
    {
        var meta = SourceMeta.Read(o, key);
        return new GatewaySource(
            meta,
            o["spec"].Text("gatewayClassName"),
            meta.Label("ambient.dev/waypoint-for") is { Length: > 0 } ours ? ours : meta.Label("istio.io/waypoint-for"),
            [.. o["status"].List("addresses").Select(static a => a.Text("value")).Where(static v => v.Length > 0)],
            [.. o["spec"].List("listeners").Select(ListenerSource.Read)]);
    }

    /// <summary>True when those that are bound to it as a waypoint see no difference.</summary>
    public bool Same(GatewaySource? other) =>
        other is not null && Class == other.Class && WaypointFor == other.WaypointFor && Addresses.SequenceEqual(other.Addresses);
}
