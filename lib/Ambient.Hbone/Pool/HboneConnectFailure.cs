namespace Ambient.Hbone.Pool;

/// <summary>Where opening a tunnel failed.</summary>
public enum HboneConnectFailure
{
    TcpConnect,
    Tls,

    /// <summary>Preface or SETTINGS did not come, or the connection broke before the answer.</summary>
    H2Handshake,

    /// <summary>The peer took the CONNECT and did not answer in time.</summary>
    Timeout,

    /// <summary>The peer answered with another status than 200.</summary>
    Status,

    /// <summary>The pool is full of keys or closing.</summary>
    Refused,
}
