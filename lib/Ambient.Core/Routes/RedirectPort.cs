namespace Ambient.Core.Routes;

/// <summary>The port of a redirect that names none. 80 with http and 443 with https are never written.</summary>
public enum RedirectPort
{
    /// <summary>The scheme's own if the redirect sets a scheme, else the listener's (Gateway API).</summary>
    SchemeOrListener,

    /// <summary>The scheme's own (FROM_PROTOCOL_DEFAULT).</summary>
    SchemeDefault,

    /// <summary>The one that the request's authority had (FROM_REQUEST_PORT).</summary>
    Request,

    /// <summary>
    /// The one that the request's authority had unless the redirect names a host, or names a scheme and the port is 80 or 443 (VirtualService
    /// without port).
    /// </summary>
    KeptWithHost,
}
