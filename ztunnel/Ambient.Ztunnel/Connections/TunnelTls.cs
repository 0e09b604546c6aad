using Ambient.Hbone.Connect;

namespace Ambient.Ztunnel.Connections;

/// <summary>What can be said of a tunnel's TLS; the mesh speaks version 1.3 only.</summary>
internal static class TunnelTls
{
    internal static string Of(HboneStream stream) => stream.Peer.VerifiedId is null ? "none" : "TLSv1.3";
}
