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
}
