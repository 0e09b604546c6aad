using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>A backendRef (Gateway API v1) as a destination.</summary>
internal static class BackendDestination
{
    /// <summary>A kind that is no backend leads to a host that nobody has, and so answers 500 for its share.</summary>
    public static WrittenDestination Of(JsonView b, SourceMeta meta, string clusterDomain)
    {
        var backend = BackendSource.Read(b, meta.Key);
        string host = backend.IsHost ? backend.Name.ToLowerInvariant()
            : backend.Key?.Kind == KnownKinds.Service ? $"{backend.Name}.{backend.Namespace}.svc.{clusterDomain}"
            : $"{backend.Name}.{backend.Namespace}.{backend.Kind}.{backend.Group}".ToLowerInvariant();
        return new WrittenDestination(b.Path, host, null, backend.Port) { Backend = backend };
    }
}
