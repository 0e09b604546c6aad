namespace Ambient.Hbone.Transport;

/// <summary>TCP was connected, but the TLS handshake did not end in time.</summary>
public sealed class HandshakeTimeoutException(string message) : TimeoutException(message);
