namespace Ambient.Core.Routes;

public enum UpstreamTlsMode
{
    Disable,
    Simple,
    Mutual,

    /// <summary>The mesh's own certificates; over HBONE nothing more.</summary>
    MeshMutual,
}
