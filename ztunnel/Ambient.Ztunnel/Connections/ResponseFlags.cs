namespace Ambient.Ztunnel.Connections;

/// <summary>The <c>response_flags</c> of metrics (reference 5.1).</summary>
internal static class ResponseFlags
{
    internal const string None = "-";
    internal const string Deny = "DENY";
    internal const string Connect = "CONNECT";
    internal const string TlsFailure = "TLS_FAILURE";
    internal const string H2HandshakeFailure = "H2_HANDSHAKE_FAILURE";
    internal const string NetworkPolicy = "NETWORK_POLICY";
    internal const string IdentityError = "IDENTITY_ERROR";
}
