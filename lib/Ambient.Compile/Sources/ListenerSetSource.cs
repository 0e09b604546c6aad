using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>A ListenerSet: listeners for the Gateway of its <c>parentRef</c>. <paramref name="Gateway"/>: null for a parent that is no Gateway.</summary>
internal sealed record ListenerSetSource(SourceMeta Meta, ObjectKey? Gateway, ImmutableArray<ListenerSource> Listeners)
{
    public string FullName => $"{Meta.Namespace}/{Meta.Name}";

    public static ListenerSetSource Read(JsonView o, ObjectKey key)
    {
        var parent = o["spec"]["parentRef"];
        bool isGateway = (parent["group"].Text() ?? RouteSource.Group, parent["kind"].Text() ?? "Gateway") == (RouteSource.Group, "Gateway");
        return new ListenerSetSource(
            SourceMeta.Read(o, key),
            isGateway && parent.Text("name") is { Length: > 0 } name
                ? new ObjectKey(KnownKinds.Gateway, parent.Text("namespace") is { Length: > 0 } ns ? ns : key.Namespace, name)
                : null,
            [.. o["spec"].List("listeners").Select(l => ListenerSource.Read(l, key))]);
    }
}
