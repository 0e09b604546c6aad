namespace Ambient.Compile.Sources;

/// <summary>A backend of a route. <paramref name="Path"/>: its field, for messages. The namespace is the route's where none was written.</summary>
internal sealed record BackendSource(string Path, string Group, string Kind, string Namespace, string Name, int Port)
{
    /// <summary>Null for a kind that is no backend.</summary>
    public ObjectKey? Key => (Group, Kind) switch
    {
        ("", "Service") => new ObjectKey(KnownKinds.Service, Namespace, Name),
        ("networking.istio.io", "ServiceEntry") => new ObjectKey(KnownKinds.ServiceEntry, Namespace, Name),
        _ => null,
    };

    /// <summary>Istio's way to name a service by its host.</summary>
    public bool IsHost => Group == "networking.istio.io" && Kind == "Hostname";

    public static BackendSource Read(JsonView b, ObjectKey route) => new(
        b.Path, b.Text("group"), b["kind"].Text() ?? "Service", b["namespace"].Text() ?? route.Namespace, b.Text("name"), b.Port("port"));
}
