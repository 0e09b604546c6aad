namespace Ambient.Compile.PeerAuthentication;

/// <summary>What PeerAuthentication demands. DISABLE reads as <see cref="Permissive"/>: tunnels are accepted all the same.</summary>
internal enum MtlsMode
{
    /// <summary>Inherits from the wider scope.</summary>
    Unset,

    Permissive,

    Strict,
}
