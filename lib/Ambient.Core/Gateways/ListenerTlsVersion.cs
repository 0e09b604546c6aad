namespace Ambient.Core.Gateways;

/// <summary>TLS versions that a listener offers; older ones are not to be had.</summary>
public enum ListenerTlsVersion
{
    Tls12,
    Tls13,
}
